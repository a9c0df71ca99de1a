/**
 * Node's http server with every limit stated, an answer for what its parser refuses, and a way to stop that
 * loses no request. What a request means is not known here.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { refusalText } from './refusal.ts';

/** Answers a request, and never throws. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface HttpServer {
  readonly server: Server;
  /**
   * Takes no new connections, lets every request that has come in be answered, then closes the rest.
   * @returns when all connections are closed: after 7 s at the latest
   */
  drain(): Promise<void>;
}

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // The two above fire only on this tick; Node's own is 30 s.
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 16_384,
  // We check it ourselves: Node's refusal would lack our headers.
  requireHostHeader: false,
};
/** A connection on which nothing moves for so long, in ms, is dropped: a reader that has stalled. */
const STALLED_MS = 20_000;
const MAX_CONNECTIONS = 20_000;

/** While draining: how long, in ms, requests that are on their way may still arrive. */
const GRACE_MS = 300;
const DRAIN_MS = 7000;
const LOOK_AGAIN_MS = 20;

/** Makes the server; the caller lets it listen. */
export function createHttpServer(answer: Listener): HttpServer {
  // Which connection is answering what: a connection answers one request at a time.
  const sockets = new Map<Socket, ServerResponse | undefined>();

  function listener(request: IncomingMessage, response: ServerResponse): void {
    sockets.set(request.socket, response);
    void answer(request, response);
  }

  const server = createServer(LIMITS, listener);
  server.timeout = STALLED_MS;
  server.maxConnections = MAX_CONNECTIONS;
  // Past its default of 2000 Node drops header lines without a word; we count them and refuse.
  server.maxHeadersCount = 0;
  // Without a listener Node would send «100 Continue» by itself, or 417 without our headers.
  server.on('checkContinue', listener);
  server.on('checkExpectation', listener);
  server.on('connect', (_request, socket: Socket) => refuse(socket, 'CONNECT'));

  server.on('connection', (socket) => {
    sockets.set(socket, undefined);
    socket.once('close', () => sockets.delete(socket));
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = sockets.get(socket);
    const code = error.code ?? '';
    if (response === undefined || response.writableFinished) refuse(socket, code);
    // The broken bytes came behind a request that is still being answered: theirs comes second.
    else if (response.req.complete) response.once('finish', () => refuse(socket, code));
    else if (response.headersSent) socket.destroy();
    else refuse(socket, code);
  });

  const isAnswering = (response: ServerResponse | undefined) =>
    response !== undefined && !response.writableFinished;

  async function drain(): Promise<void> {
    const begin = performance.now();
    const elapsed = () => performance.now() - begin;
    // `http.Server` would cut idle connections at once, a request that is on its way with them, and stop
    // the clock of its timeouts; `net.Server` only stops listening.
    NetServer.prototype.close.call(server);
    while (sockets.size > 0 && elapsed() < DRAIN_MS) {
      for (const [socket, response] of sockets) {
        if (elapsed() > GRACE_MS && !isAnswering(response)) socket.destroy();
      }
      await sleep(LOOK_AGAIN_MS);
    }
    server.closeAllConnections();
    server.close();
  }

  return { server, drain };
}

/** Answers on the bare socket, where Node has no response for us, and closes it. */
function refuse(socket: Socket, code: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(refusalText(code));
  // Read on for a moment, or the client's system throws our answer away; see `linger` in send.ts.
  socket.resume();
  setTimeout(() => socket.destroy(), 1000).unref();
}
