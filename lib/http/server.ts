/**
 * Node's http server with every limit stated, an answer for what its parser refuses, and a way to
 * stop that loses no request. What a request means is not known here.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { Backlog } from './backlog.ts';
import { Connection, type Listener } from './connection.ts';

/** How long a client may take, in ms. */
const TIMING = {
  /** From the connection, or the first byte of a further request, to the end of the headers. */
  headersMs: 10_000,
  /** And to the end of the body. */
  requestMs: 15_000,
  /** How often the two above are looked at; Node's own is 30 s. */
  checkMs: 1000,
  /** Between two requests; each answer states it in its `Keep-Alive` header. */
  keepAliveMs: 5000,
  /** A connection on which nothing moves for so long is dropped: a reader that has stalled. */
  stalledMs: 20_000,
};
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 20_000;
/** While draining: how long, in ms, requests that are on their way may still arrive. */
const GRACE_MS = 300;
const DRAIN_MS = 7000;
const LOOK_AGAIN_MS = 20;

/** A server, and the way to stop it. */
export type HttpServer = ReturnType<typeof createHttpServer>;
export type Timing = typeof TIMING;

/**
 * Makes the server; the caller lets it listen. A client that closes its half of the connection
 * before it has its answer gets none: Node takes that for going away.
 */
export function createHttpServer(listener: Listener, timing = TIMING) {
  const connections = new Map<Socket, Connection>();
  const backlog = new Backlog(connections);

  function take(request: IncomingMessage, response: ServerResponse): void {
    if (!server.listening) response.setHeader('Connection', 'close');
    connections.get(request.socket)?.take(response);
  }

  const server = createServer(
    {
      headersTimeout: timing.headersMs,
      requestTimeout: timing.requestMs,
      connectionsCheckingInterval: timing.checkMs,
      keepAliveTimeout: timing.keepAliveMs,
      maxHeaderSize: MAX_HEADER_BYTES,
      // We check it ourselves: Node's refusal would lack our headers.
      requireHostHeader: false,
      // A second Host, Content-Type … is seen, not dropped.
      joinDuplicateHeaders: true,
    },
    take,
  );
  server.timeout = timing.stalledMs;
  // The headers of all of them may fill a quarter of the heap.
  const room = getHeapStatistics().heap_size_limit / 4 / MAX_HEADER_BYTES;
  server.maxConnections = Math.min(MAX_CONNECTIONS, Math.floor(room));
  // Without a listener Node would send «100 Continue» by itself, or 417 without our headers.
  server.on('checkContinue', take).on('checkExpectation', take);
  server.on('connect', (request, socket: Socket) =>
    connections.get(socket)?.refuse('CONNECT', request),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    connections.get(socket)?.refuse(error.code ?? ''),
  );
  server.on('connection', (socket) => {
    const connection = new Connection(socket, listener, backlog);
    connections.set(socket, connection);
    if (backlog.isLong) connection.readInSlices();
    socket.once('close', () => {
      connection.cut();
      connections.delete(socket);
    });
    // After CONNECT Node no longer listens, and one reset by the client would end the process.
    socket.on('error', () => {});
  });

  /**
   * Takes no new connections, lets every request that has come in be answered, then closes the
   * rest. Resolves when all are closed: after 7 s at the latest.
   */
  async function drain(): Promise<void> {
    const begin = performance.now();
    const elapsed = () => performance.now() - begin;
    // `http.Server` would cut idle connections at once, a request that is on its way with them, and
    // stop the clock of its timeouts; `net.Server` only stops listening.
    NetServer.prototype.close.call(server);
    for (const connection of connections.values()) connection.end();
    while (connections.size > 0 && elapsed() < DRAIN_MS) {
      for (const [socket, connection] of connections) {
        if (elapsed() > GRACE_MS && !connection.isBusy) socket.destroy();
      }
      await sleep(LOOK_AGAIN_MS);
    }
    server.closeAllConnections();
    server.close();
  }

  return { server, drain };
}
