/** Is the name taken? The course's homework. A hint: the insert decides, in `account.ts`. */
import type { Users } from '../db/users.ts';
import { type RateLimit, tooManyRequests } from '../http/rate-limit.ts';
import { HttpError, json } from '../http/reply.ts';
import type { StatelessHandler } from './route.ts';
import { canonicalUname } from './validation.ts';

/**
 * `GET /check-uname?uname=N`: whether the name exists.
 * @param limit per client address, because the answer tells anybody which names exist
 */
export function checkUname(users: Users, limit: RateLimit): StatelessHandler {
  return async ({ query, address }) => {
    const waitMs = limit.take(address);
    if (waitMs > 0) throw tooManyRequests(waitMs, 'too many names were checked from your address');
    const uname = unameField(query.uname);
    return json(200, { uname, exists: await users.exists(uname) });
  };
}

/** The canonical form of a name as it came in. @throws HttpError 400 `invalid_uname` */
export function unameField(text: string | undefined): string {
  const uname = canonicalUname(text ?? '');
  if (uname !== undefined) return uname;
  throw new HttpError(400, 'invalid_uname', 'a name has 3–20 letters, digits, "_" and "-"');
}
