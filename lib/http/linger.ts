/**
 * A client that is refused while it is still sending reads the refusal. Closing the connection at
 * once would make its system throw our answer away (a TCP reset): so our half alone is closed, and
 * what still comes is read and dropped, until the client closes too, pauses, or has used up a
 * request's time (RFC 9112 §9.6).
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** How long the client may pause. */
const PAUSE_MS = 2000;

/** @param request whose body is still coming; without one, all that comes is one pause */
export function lingerAndClose(socket: Socket, request?: IncomingMessage): void {
  socket.end();
  const timer = setTimeout(() => socket.destroy(), PAUSE_MS);
  socket.once('close', () => clearTimeout(timer));
  if (request) request.on('data', () => timer.refresh()).resume();
  else socket.resume();
}
