/** Replies as plain data: handlers return them, `send.ts` writes them. Failures are problem+json. */
import { STATUS_CODES } from 'node:http';

export interface Reply {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  /** Whole, or in chunks. */
  readonly body: string | Buffer | AsyncIterable<string>;
}

/** The one error that means «reply with this status». Only `app.ts` catches it. */
export class HttpError extends Error {
  readonly status: number;
  /** For programs, such as `uname_taken`; the message is for people. */
  readonly code: string;
  /** Further headers of the reply, flat: name, value, name, value. */
  readonly headers: readonly string[];

  /** @param status the HTTP status, 400–599 @param detail one sentence, shown to the client */
  constructor(status: number, code: string, detail: string, headers: readonly string[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The methods that some route has. */
export const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];

const NO_STORE = ['Cache-Control', 'no-store'];
const JSON_HEADERS = ['Content-Type', 'application/json; charset=utf-8', ...NO_STORE];
const TEXT_HEADERS = ['Content-Type', 'text/plain; charset=utf-8', ...NO_STORE];
const PROBLEM_HEADERS = ['Content-Type', 'application/problem+json', ...NO_STORE];

/** A value as JSON, never cached. */
export function json(status: number, value: unknown, headers: readonly string[] = []): Reply {
  return { status, headers: [...JSON_HEADERS, ...headers], body: JSON.stringify(value) };
}

/** Plain text, never cached; in chunks if it is an iterable. */
export function text(status: number, body: Reply['body']): Reply {
  return { status, headers: TEXT_HEADERS, body };
}

export function noContent(headers: readonly string[] = []): Reply {
  return { status: 204, headers: [...NO_STORE, ...headers], body: '' };
}

/** The reply with further headers, flat. */
export function withHeaders(reply: Reply, headers: readonly string[]): Reply {
  return { ...reply, headers: [...reply.headers, ...headers] };
}

/** A failure as `application/problem+json` (RFC 9457). @param requestId stands in the log as well */
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

/** To OPTIONS, the methods of a resource (RFC 9110 §9.3.7). @throws HttpError 405 (§15.5.6) */
export function notAllowed(method: string, methods: readonly string[]): Reply {
  const headers = ['Allow', allow(methods)];
  if (method === 'OPTIONS') return noContent(headers);
  throw new HttpError(405, 'method_not_allowed', `use ${headers[1]}`, headers);
}

/** 401 with its challenge (RFC 9110 §15.5.2), of a scheme for which browsers open no dialog. */
export function unauthorized(code: string, detail: string): HttpError {
  return new HttpError(401, code, detail, ['WWW-Authenticate', 'Session']);
}
