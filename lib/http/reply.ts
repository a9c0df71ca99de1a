/**
 * What a response says. Handlers return a `Reply`, which is plain data; writing it to the wire is
 * the business of `send.ts`.
 */

/** An answer, as plain data. */
export interface Reply {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  /** Whole, or in pieces as they come. */
  readonly body: string | Buffer | AsyncIterable<string>;
  /** How a string becomes bytes; UTF-8 if left out. */
  readonly encoding?: 'latin1';
}

// OWASP Secure Headers; the policy allows this site's own files and nothing inline (ASVS 5, 3.4).
const POLICY = 'Content-Security-Policy';
const SECURITY_HEADERS: readonly string[] = [
  POLICY,
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options',
  'nosniff',
  'Referrer-Policy',
  'no-referrer',
  'Cross-Origin-Opener-Policy',
  'same-origin',
  'Cross-Origin-Resource-Policy',
  'same-origin',
];
// A year (RFC 6797 §6.1); only over https, where alone it means something.
const SECURITY_HEADERS_HTTPS: readonly string[] = [
  ...SECURITY_HEADERS,
  'Strict-Transport-Security',
  'max-age=31536000',
];

const JSON_HEADERS = [
  'Content-Type',
  'application/json; charset=utf-8',
  'Cache-Control',
  'no-store',
];
const TEXT_HEADERS = ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'];
const PROBLEM_HEADERS = ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store'];

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
  return { status: 204, headers: ['Cache-Control', 'no-store', ...headers], body: '' };
}

/** What RFC 9457 asks a failure to say about itself. */
export interface Problem {
  readonly status: number;
  /** The status's own phrase, such as `Not Found`. */
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  /** What the request's line in the log can be found by. */
  readonly requestId: string;
}

/** A failure as `application/problem+json` (RFC 9457). */
export function problem(failure: Problem, headers: readonly string[] = []): Reply {
  const { title, status, code, detail, requestId } = failure;
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail, requestId });
  return { status, headers: [...PROBLEM_HEADERS, ...headers], body };
}

/**
 * The headers that every answer carries, flat.
 * @param own the reply's: one that states a policy of its own gets no other
 */
export function securityHeaders(secure: boolean, own: readonly string[]): readonly string[] {
  const all = secure ? SECURITY_HEADERS_HTTPS : SECURITY_HEADERS;
  return own.includes(POLICY) ? all.slice(2) : all;
}
