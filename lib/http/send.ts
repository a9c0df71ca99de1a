/**
 * The one place where a reply meets the wire, so that no answer leaves without the security
 * headers, its length, and a way to end.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hasBody } from './input.ts';
import { type Reply, securityHeaders } from './reply.ts';

/** How long, in ms, a client that still sends may pause before we stop listening to it. */
const LINGER_MS = 2000;

/** What `send` must know beside the reply. */
export interface SendOptions {
  /** Whether the client spoke https. */
  readonly secure: boolean;
  /** Whether the connection should end after this answer; asked when the answer is ready. */
  readonly isLast: () => boolean;
  /** Told why an answer in pieces broke off, if it was not the client that went away. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Writes a reply and ends the response. A client that has gone away is no failure.
 * @throws TypeError or RangeError, and nothing is sent, for a status or a header that cannot be
 *   sent
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  { secure, isLast, onBroken }: SendOptions,
): Promise<void> {
  const unread = !request.complete && hasBody(request) && !(await endsAtOnce(request));
  await endOfTurn();
  if (response.destroyed || response.headersSent) return;
  const { status, body, encoding = 'utf8' } = reply;
  const headers = [...securityHeaders(secure, reply.headers), ...reply.headers];
  if ((isLast() || unread) && !headers.includes('Connection')) headers.push('Connection', 'close');
  const whole = typeof body === 'string' || Buffer.isBuffer(body);
  // 204 and 304 have no content, so no length (RFC 9110 §8.6).
  const bodiless = status === 204 || status === 304;
  if (whole && !bodiless) headers.push('Content-Length', String(Buffer.byteLength(body, encoding)));
  response.writeHead(status, headers);
  if (whole || bodiless || request.method === 'HEAD') {
    const content = whole && !bodiless && request.method !== 'HEAD' ? body : '';
    if (unread) linger(request, response, content, encoding);
    else response.end(content, encoding);
  } else {
    await sendPieces(response, body, onBroken);
  }
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

/**
 * Whether all of a body has come, or comes right behind the headers: then the connection can be
 * kept.
 */
async function endsAtOnce(request: IncomingMessage): Promise<boolean> {
  request.resume();
  await nextTurn();
  return request.complete;
}

/**
 * Closing a connection while the client is still sending makes its system throw away our answer (a
 * TCP reset). So the answer is written whole and our half of the connection closed, and what still
 * comes is read and dropped, until the client closes too, pauses, or has used up a request's time
 * (RFC 9112 §9.6).
 */
function linger(
  request: IncomingMessage,
  response: ServerResponse,
  content: string | Buffer,
  encoding: BufferEncoding,
): void {
  const { socket } = request;
  response.flushHeaders();
  if (content.length > 0) response.write(content, encoding);
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  request.on('data', () => timer.refresh()).resume();
}

/** In pieces as they come; a client that reads slowly makes the source wait. */
async function sendPieces(
  response: ServerResponse,
  pieces: AsyncIterable<string>,
  onBroken: (error: unknown) => void,
): Promise<void> {
  async function* watched(): AsyncGenerator<string> {
    try {
      yield* pieces;
    } catch (error) {
      if (!response.destroyed) onBroken(error);
      throw error;
    }
  }
  try {
    await pipeline(watched, response);
  } catch {
    // The status is out already: breaking off is the only way left to say that it went wrong.
    response.destroy();
  }
}
