/**
 * The one place where a reply meets the wire, so that no answer leaves without the security
 * headers, its length, and a way to end.
 */
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hasBody } from './form.ts';
import { whenGone } from './gone.ts';
import { lingerAndClose } from './linger.ts';
import type { Reply } from './reply.ts';
import { securityHeaders } from './security.ts';

/** Resolves when this turn of the event loop is over; `undefined` when no answer waits for that. */
let turn: Promise<void> | undefined;

/**
 * Writes a reply and ends the response; to a client that has gone away it does nothing.
 * @param secure whether the client spoke https
 * @throws TypeError or RangeError, and nothing is sent, for a status or a header that cannot be
 *   sent; whatever an answer in pieces throws on its way
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Reply,
  secure: boolean,
): Promise<void> {
  // Answers that are ready in one turn of the event loop go out together, when it ends. Under load
  // each write to a client that sleeps wakes it, which costs more than all else we do; of many in a
  // row, only the first does. They wait together: a wait for each costs 2 µs.
  turn ??= nextTurn().then(() => {
    turn = undefined;
  });
  await turn;
  if (response.destroyed) return;
  // Another answer has begun, and went wrong: breaking off is the only way left to say so.
  if (response.headersSent) return void response.destroy();
  const isUnread = !request.complete && hasBody(request);
  const all = [...securityHeaders(secure, request.url, request.headers.host), ...headers];
  if (isUnread && !headers.includes('Connection')) all.push('Connection', 'close');
  const isWhole = typeof body === 'string' || Buffer.isBuffer(body);
  // Found out while a failure can still be answered: `json(200, undefined)` has no body.
  if (!isWhole && !(Symbol.asyncIterator in body)) throw new TypeError('a reply without a body');
  // 204 and 304 have no content, so no length (RFC 9110 §8.6).
  const hasLength = isWhole && status !== 204 && status !== 304;
  if (hasLength) all.push('Content-Length', `${Buffer.byteLength(body)}`);
  response.writeHead(status, STATUS_CODES[status], all);
  if (!isWhole && request.method !== 'HEAD') return sendPieces(response, body);
  // Node leaves it out where there is none: for HEAD, 204 and 304.
  const content = isWhole ? body : '';
  if (!isUnread) return void response.end(content);
  response.flushHeaders();
  if (content.length > 0) response.write(content);
  lingerAndClose(request.socket, request);
}

/** In pieces as they come; a client that reads slowly makes the source wait. */
async function sendPieces(response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
  const signal = whenGone(response);
  for await (const piece of pieces) {
    if (!response.write(piece)) await once(response, 'drain', { signal });
  }
  response.end();
}
