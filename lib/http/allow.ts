/**
 * Which methods a resource has, and the two answers that say so.
 */
import { HttpError } from './error.ts';
import { noContent, type Reply } from './reply.ts';

/** The methods that some resource has. */
export const EVERY_METHOD: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];

/** The value of an `Allow` header (RFC 9110 §10.2.1) for a resource that has these methods. */
export function allow(methods: readonly string[]): string {
  const all = new Set(methods);
  if (all.has('GET')) all.add('HEAD');
  all.add('OPTIONS');
  return [...all].sort().join(', ');
}

/**
 * The answer for a method that a resource does not have: to OPTIONS, those that it has (RFC 9110
 * §9.3.7).
 * @throws HttpError 405 for any other (§15.5.6)
 */
export function otherMethod(method: string, methods: readonly string[]): Reply {
  const headers = ['Allow', allow(methods)];
  if (method === 'OPTIONS') return noContent(headers);
  throw new HttpError(405, 'method_not_allowed', `use ${headers[1]}`, headers);
}
