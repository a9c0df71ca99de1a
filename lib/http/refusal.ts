/**
 * What the parser refuses never becomes a request, so there is no response object either. These answers are
 * written by hand, with the headers and the form that every other answer has.
 */
import { STATUS_CODES } from 'node:http';
import { nextRequestId, problem, securityHeaders } from './reply.ts';
import { allowed } from './router.ts';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly headers?: readonly string[];
}

/** What `Allow` says where no path is meant. */
export const EVERY_METHOD = allowed(['GET', 'POST', 'PUT', 'DELETE']);

const MALFORMED: Refusal = { status: 400, code: 'bad_request', detail: 'this is not HTTP/1.1' };

/** By the error's code in Node's parser, and `CONNECT` for that method. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
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
      headers: ['Allow', EVERY_METHOD],
    },
  ],
]);

/**
 * A whole response as text, for a connection that is closed after it.
 * @param cause an error code of Node's parser; unknown ones are 400
 */
export function refusalText(cause: string): string {
  const { status, code, detail, headers = [] } = REFUSALS.get(cause) ?? MALFORMED;
  const title = STATUS_CODES[status] ?? '';
  const reply = problem({ status, title, code, detail, requestId: nextRequestId() }, headers);
  const lines = [`HTTP/1.1 ${status} ${title}`];
  const all = [...securityHeaders(false), ...reply.headers, 'Connection', 'close'];
  all.push('Content-Length', String(Buffer.byteLength(String(reply.body))));
  // An origin server with a clock says when it answered (RFC 9110 §6.6.1); elsewhere Node does it.
  all.push('Date', new Date().toUTCString());
  for (let index = 0; index < all.length; index += 2)
    lines.push(`${all[index]}: ${all[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n${reply.body}`;
}
