/**
 * From whatever was thrown to an answer. What was foreseen says what it is; everything else is a
 * fault of ours: logged whole, and answered 500 without details. An error's own `code` is never
 * taken for a status.
 */
import { DatabaseUnavailable } from './db/errors.ts';
import { HttpError } from './http/error.ts';
import { problem, type Reply } from './http/reply.ts';
import type { Log } from './log.ts';
import { PasswordsBusy } from './password.ts';
import { SessionEnded, SessionsFull } from './session/store.ts';

const FORESEEN = [
  [DatabaseUnavailable, 503, 'database_unavailable', 'the database does not answer now'],
  [PasswordsBusy, 503, 'busy', 'too many passwords are being checked now'],
  [SessionsFull, 503, 'sessions_full', 'the server has no room for this session now'],
  [SessionEnded, 409, 'session_ended', 'your session was ended meanwhile'],
] as const;

/**
 * The answer for a failed request, as `application/problem+json`.
 * @param further header lines beside the failure's own, flat
 */
export function failureReply(
  thrown: unknown,
  requestId: string,
  log: Log,
  further: readonly string[],
): Reply {
  const reply = problem(asHttpError(thrown, requestId, log), requestId);
  return { ...reply, headers: [...reply.headers, ...further] };
}

function asHttpError(thrown: unknown, requestId: string, log: Log): HttpError {
  if (thrown instanceof HttpError) return thrown;
  for (const [kind, status, code, detail] of FORESEEN) {
    if (!(thrown instanceof kind)) continue;
    return new HttpError(status, code, detail, status === 503 ? ['Retry-After', '1'] : []);
  }
  log.error(`request ${requestId}`, thrown);
  return new HttpError(500, 'internal_error', 'something went wrong here; it has been logged');
}
