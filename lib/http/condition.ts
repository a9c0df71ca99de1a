/**
 * Preconditions: what must hold of a resource before a request is acted upon (RFC 9110 §13). The
 * validator is the entity tag, which files have and nothing else. Nothing here tells when it was
 * modified, so If-Modified-Since and If-Unmodified-Since are passed over, as §13.1.3 and §13.1.4
 * ask, and of the order in §13.2.2 there is left: If-Match, then If-None-Match.
 */
import type { IncomingHttpHeaders as Headers, IncomingMessage } from 'node:http';
import { HttpError } from './error.ts';
import type { Reply } from './reply.ts';

/** The entity tags that a resource has; `undefined` where there is nothing that could have one. */
type Tags = readonly string[] | undefined;

/**
 * Refuses a request that changes something, if its preconditions do not hold: before it is acted
 * upon, and before its body is asked for.
 * @param exists whether there is something that GET would show
 * @throws HttpError 412
 */
export function checkConditions({ method, headers }: IncomingMessage, exists: boolean): void {
  // For these the answer itself is looked at, and what is not there is 404 first (§13.2.1).
  if (isRead(method) || (method === 'DELETE' && !exists)) return;
  const tags = exists ? [] : undefined;
  if (!isMatched(headers, tags) || isKnown(headers, tags)) throw conditionFailed();
}

/**
 * The answer to GET and HEAD, once it is known: as it is, or 304 to whoever has it already. One that
 * is not good stays as it is, whatever the preconditions (§13.2.1).
 * @throws HttpError 412
 */
export function conditional({ method, headers }: IncomingMessage, reply: Reply): Reply {
  if (!isRead(method) || reply.status < 200 || reply.status > 299) return reply;
  if (!('if-match' in headers || 'if-none-match' in headers)) return reply;
  const tags = reply.headers.filter((_, index) => reply.headers[index - 1] === 'ETag');
  if (!isMatched(headers, tags)) throw conditionFailed();
  if (!isKnown(headers, tags)) return reply;
  // What describes the content goes with it (§15.4.5).
  const describes = (name = '') => name.startsWith('Content-');
  const kept = reply.headers.filter((_, index) => !describes(reply.headers[index - (index % 2)]));
  return { status: 304, headers: kept, body: '' };
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether `If-Match` holds, by strong comparison: a weak tag is equal to none (§13.1.1). */
function isMatched({ 'if-match': header }: Headers, tags: Tags): boolean {
  return header === undefined || names(header, tags);
}

/** Whether `If-None-Match` names what there is, by weak comparison (§13.1.2). */
function isKnown({ 'if-none-match': header }: Headers, tags: Tags): boolean {
  return header !== undefined && names(header.replaceAll('W/"', '"'), tags);
}

/** `*` is whatever there is. */
function names(header: string, tags: Tags): boolean {
  const items = header.split(',').map((item) => item.trim());
  return tags !== undefined && items.some((item) => item === '*' || tags.includes(item));
}

function conditionFailed(): HttpError {
  return new HttpError(412, 'precondition_failed', 'what you ask for is not as you say');
}
