/** What a response says, as plain data. Handlers return it; `send.ts` writes it to the wire. */
import { STATUS_CODES } from 'node:http';
import { HttpError } from './error.ts';

export interface Reply {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  /** Whole, or in pieces as they come. */
  readonly body: string | Buffer | AsyncIterable<string>;
}

/** The methods that some resource has. */
export const EVERY_METHOD: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];

const NO_STORE = ['Cache-Control', 'no-store'];
const JSON_HEADERS = ['Content-Type', 'application/json; charset=utf-8', ...NO_STORE];
const TEXT_HEADERS = ['Content-Type', 'text/plain; charset=utf-8', ...NO_STORE];
const PROBLEM_HEADERS = ['Content-Type', 'application/problem+json', ...NO_STORE];

/** A value as JSON, never cached. */
export function json(status: number, value: unknown, headers: readonly string[] = []): Reply {
  return { status, headers: [...JSON_HEADERS, ...headers], body: JSON.stringify(value) };
}

/** Plain text, never cached; in pieces if it is an iterable. */
export function text(status: number, body: Reply['body']): Reply {
  return { status, headers: TEXT_HEADERS, body };
}

/** 204: done, and nothing to say. */
export function noContent(headers: readonly string[] = []): Reply {
  return { status: 204, headers: [...NO_STORE, ...headers], body: '' };
}

/**
 * A failure as `application/problem+json` (RFC 9457).
 * @param requestId what the request's line in the log can be found by
 */
export function problem({ status, code, message, headers }: HttpError, requestId: string): Reply {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = { type: 'about:blank', title, status, code, detail: message, requestId };
  return { status, headers: [...PROBLEM_HEADERS, ...headers], body: JSON.stringify(body) };
}

/** The value of an `Allow` header (RFC 9110 §10.2.1) for a resource that has these methods. */
export function allow(methods: readonly string[]): string {
  const head = methods.includes('GET') ? ['HEAD'] : [];
  return [...methods, ...head, 'OPTIONS'].sort().join(', ');
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
