/**
 * What the parser refuses never becomes a request, so there is no response object either. These
 * answers are written by hand, with the headers and the form that every other answer has.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { HttpError } from './error.ts';
import { allow, EVERY_METHOD, problem } from './reply.ts';
import { securityHeaders } from './security.ts';

/** A refusal, to be sent and logged. */
export interface Refusal {
  readonly status: number;
  readonly requestId: string;
  /** The whole response, for a connection that is closed after it. */
  readonly text: string;
}

const MALFORMED = new HttpError(400, 'bad_request', 'this is not HTTP/1.1, or no method of it');
const NO_PROXY = ['Allow', allow(EVERY_METHOD)];

/** By the error's code in Node's parser, and `CONNECT` for that method. */
const REASONS: ReadonlyMap<string, HttpError> = new Map([
  ['HPE_HEADER_OVERFLOW', new HttpError(431, 'headers_too_large', 'the headers are too large')],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', new HttpError(413, 'body_too_large', 'too much')],
  ['ERR_HTTP_REQUEST_TIMEOUT', new HttpError(408, 'request_timeout', 'that took too long')],
  ['CONNECT', new HttpError(405, 'method_not_allowed', 'this server is no proxy', NO_PROXY)],
]);

/** Makes a refusal. @param cause one of the above; unknown ones are 400 */
export function refusalOf(cause: string): Refusal {
  const requestId = randomUUID();
  const { status, headers, body } = problem(REASONS.get(cause) ?? MALFORMED, requestId);
  const all = [...securityHeaders(false), ...headers, 'Connection', 'close'];
  all.push('Content-Length', `${Buffer.byteLength(String(body))}`);
  // An origin server with a clock says when it answered (RFC 9110 §6.6.1); elsewhere Node does it.
  all.push('Date', new Date().toUTCString());
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`];
  while (all.length > 0) lines.push(`${all.shift()}: ${all.shift()}`);
  return { status, requestId, text: `${lines.join('\r\n')}\r\n\r\n${body}` };
}
