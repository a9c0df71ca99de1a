/**
 * The one place where a reply meets the wire, so that no answer leaves without the security
 * headers, its length, and a way to end.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClientGone, whenGone } from './gone.ts';
import { hasBody } from './input.ts';
import { lingerAndClose } from './linger.ts';
import type { Reply } from './reply.ts';
import { securityHeaders } from './security.ts';

/**
 * Writes a reply and ends the response; to a client that has gone away it does nothing.
 * @param secure whether the client spoke https
 * @throws TypeError or RangeError, and nothing is sent, for a status or a header that cannot be
 *   sent; what an answer in pieces throws on its way, or ClientGone, once it has been broken off
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Reply,
  secure: boolean,
): Promise<void> {
  // What is left of a body is read past; mostly it is there already, and the connection is kept.
  const mayBeUnread = !request.complete && hasBody(request);
  if (mayBeUnread) request.resume();
  await endOfTurn();
  if (response.destroyed || response.headersSent) return;
  const isUnread = mayBeUnread && !request.complete;
  const all = [...securityHeaders(secure, request.headers.host), ...headers];
  if (isUnread && !headers.includes('Connection')) all.push('Connection', 'close');
  const isWhole = typeof body === 'string' || Buffer.isBuffer(body);
  // 204 and 304 have no content, so no length (RFC 9110 §8.6).
  const hasContent = status !== 204 && status !== 304;
  if (isWhole && hasContent) all.push('Content-Length', `${Buffer.byteLength(body)}`);
  response.writeHead(status, all);
  const isShown = hasContent && request.method !== 'HEAD';
  if (isShown && !isWhole) return sendPieces(response, body);
  const content = isShown && isWhole ? body : '';
  if (!isUnread) return void response.end(content);
  response.flushHeaders();
  if (content.length > 0) response.write(content);
  lingerAndClose(request.socket, request);
}

let ending: Promise<void> | undefined;

/**
 * Answers that are ready in one turn of the event loop go out together, when it ends. Under load
 * each write to a client that sleeps wakes it, which costs more than all else we do; of many in a
 * row, only the first does.
 */
function endOfTurn(): Promise<void> {
  ending ??= nextTurn().then(() => {
    ending = undefined;
  });
  return ending;
}

/** In pieces as they come; a client that reads slowly makes the source wait. */
async function sendPieces(response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
  const signal = whenGone(response);
  try {
    for await (const piece of pieces) {
      if (!response.write(piece)) await once(response, 'drain', { signal });
    }
    response.end();
  } catch (error) {
    if (signal.aborted) throw new ClientGone();
    // The status is out already: breaking off is the only way left to say that it went wrong.
    response.destroy();
    throw error;
  }
}
