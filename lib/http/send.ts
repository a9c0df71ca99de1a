/**
 * The one place where a reply meets the wire, so that no answer leaves without the security headers, its
 * length, and a way to end.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { hasBody } from './input.ts';
import { type Reply, securityHeaders } from './reply.ts';

/** How long, in ms, an early refusal goes on reading what the client still sends. */
const LINGER_MS = 2000;

/**
 * Writes a reply and ends the response. Never throws: a client that has gone away is no failure.
 * @param secure whether the client spoke https
 * @param closing whether the connection should end after this answer
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  { secure, closing }: { secure: boolean; closing: boolean },
): Promise<void> {
  if (response.destroyed || response.headersSent) return;
  const { status, body } = reply;
  const unread = hasBody(request) && !request.complete;
  const headers = [...securityHeaders(secure), ...reply.headers];
  if (closing || unread) headers.push('Connection', 'close');
  const whole = typeof body === 'string' || Buffer.isBuffer(body);
  // 204 and 304 have no content, so no length (RFC 9110 §8.6).
  if (whole && status !== 204 && status !== 304) {
    headers.push('Content-Length', String(Buffer.byteLength(body)));
  }
  response.writeHead(status, headers);
  if (request.method === 'HEAD' || status === 304) {
    response.end();
  } else if (!whole) {
    await sendPieces(response, body);
  } else if (unread) {
    response.write(body);
    linger(request, response);
  } else {
    response.end(body);
  }
}

/**
 * Closing a connection while the client is still sending makes its system throw away our answer (a TCP
 * reset). So the answer is written whole, and what still comes is read and dropped, for a while
 * (RFC 9112 §9.6).
 */
function linger(request: IncomingMessage, response: ServerResponse): void {
  const timer = setTimeout(() => response.end(), LINGER_MS);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  request.once('end', end).once('close', end).resume();
}

/** In pieces as they come; a client that reads slowly makes the source wait. */
async function sendPieces(response: ServerResponse, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(pieces, response);
  } catch {
    // The status is out already: breaking off is the only way left to say that it went wrong.
    response.destroy();
  }
}
