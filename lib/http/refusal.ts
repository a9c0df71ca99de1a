/**
 * What the parser refuses never becomes a request, so there is no response object either. These
 * answers are written by hand, with the headers and the form that every other answer has.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { allow, EVERY_METHOD } from './allow.ts';
import { problem, securityHeaders } from './reply.ts';

/** A refusal, to be sent and logged. */
export interface Refusal {
  readonly status: number;
  readonly requestId: string;
  /** The whole response, for a connection that is closed after it. */
  readonly text: string;
}

interface Reason {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly headers?: readonly string[];
}

const MALFORMED: Reason = {
  status: 400,
  code: 'bad_request',
  detail: 'this is not HTTP/1.1, or a method unknown here',
};

/** By the error's code in Node's parser, and `CONNECT` for that method. */
const REASONS: ReadonlyMap<string, Reason> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    { status: 431, code: 'headers_too_large', detail: 'headers are too large' },
  ],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, code: 'body_too_large', detail: 'too much' }],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    { status: 408, code: 'request_timeout', detail: 'that took too long' },
  ],
  [
    'CONNECT',
    {
      status: 405,
      code: 'method_not_allowed',
      detail: 'this server is no proxy',
      headers: ['Allow', allow(EVERY_METHOD)],
    },
  ],
]);

/**
 * Makes a refusal.
 * @param cause an error code of Node's parser, or `CONNECT`; unknown ones are 400
 */
export function refusalOf(cause: string): Refusal {
  const { status, code, detail, headers = [] } = REASONS.get(cause) ?? MALFORMED;
  const title = STATUS_CODES[status] ?? '';
  const requestId = randomUUID();
  const reply = problem({ status, title, code, detail, requestId }, headers);
  const lines = [`HTTP/1.1 ${status} ${title}`];
  const all = [...securityHeaders(false, reply.headers), ...reply.headers, 'Connection', 'close'];
  all.push('Content-Length', String(Buffer.byteLength(String(reply.body))));
  // An origin server with a clock says when it answered (RFC 9110 §6.6.1); elsewhere Node does it.
  all.push('Date', new Date().toUTCString());
  for (let index = 0; index < all.length; index += 2)
    lines.push(`${all[index]}: ${all[index + 1]}`);
  return { status, requestId, text: `${lines.join('\r\n')}\r\n\r\n${reply.body}` };
}
