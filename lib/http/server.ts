/** Node's http server with its limits, one request at a time per connection, and a drain. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { allow, METHODS } from './reply.ts';

/** Answers a request; it never rejects. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export type HttpServer = ReturnType<typeof createHttpServer>;

/** The exchanges of one connection. */
interface Exchanges {
  /** Requests that have come and not ended. */
  open: number;
  /** Resolves when the last of them has ended. */
  last: Promise<void>;
  /** Of the one in progress. */
  response: ServerResponse | undefined;
}

const OPTIONS = {
  headersTimeout: 10_000,
  /** Headers and body. */
  requestTimeout: 15_000,
  /** How often Node checks the two above. */
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 16_384,
  // A second Host or Content-Type is seen, not dropped.
  joinDuplicateHeaders: true,
};
/** Without a byte in either direction. */
const IDLE_MS = 20_000;
const DRAIN_MS = 7000;
const MAX_CONNECTIONS = 20_000;
const POLL_MS = 20;
const NO_PROXY = `HTTP/1.1 405 Method Not Allowed\r\nAllow: ${allow(METHODS)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;

/** Makes the server; the caller lets it listen. */
export function createHttpServer(handle: RequestHandler) {
  const connections = new Map<Socket, Exchanges>();

  // Node parses pipelined requests at once and orders only the responses. A write must not be
  // overtaken either (RFC 9112 §9.3.2), so each request begins when the one before has ended.
  function enqueue(request: IncomingMessage, response: ServerResponse): void {
    const exchanges = connections.get(request.socket);
    if (exchanges === undefined) return;
    exchanges.open += 1;
    if (exchanges.open === 1) {
      exchanges.last = exchange(exchanges, request, response);
      return;
    }
    exchanges.last = exchanges.last.then(() => exchange(exchanges, request, response));
    // Back-pressure, once Node has parsed this chunk: it resumes the socket itself after that.
    setImmediate(() => exchanges.open > 1 && request.socket.pause());
  }

  async function exchange(
    exchanges: Exchanges,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { socket } = request;
    // Not writable: the client has gone, or the response before was the last one.
    if (socket.writable) {
      exchanges.response = response;
      await handle(request, response);
      // As a rule the system has taken all of it. At `close` Node has ended the socket if this
      // response was its last.
      const isSent = response.writableEnded && socket.writableLength === 0;
      if (!response.closed && (exchanges.open > 1 || !isSent)) {
        await new Promise((resolve) => response.once('close', resolve));
      }
      exchanges.response = undefined;
    }
    exchanges.open -= 1;
    if (exchanges.open < 2 && socket.isPaused()) socket.resume();
  }

  const server = createServer(OPTIONS, enqueue);
  server.timeout = IDLE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  // Node drops no header line, such as a second Host; their size is limited above.
  server.maxHeadersCount = 0;
  // A client that has closed its sending half still gets its response (RFC 9112 §9.6). The property
  // is Node's own, and not in its types.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Without a listener Node sends «100 Continue» before the request has been checked.
  server.on('checkContinue', enqueue);
  // Node detaches itself from such a socket, so its events have to be handled here.
  server.on('connect', async (_request, socket: Socket) => {
    socket.on('error', () => {}).on('timeout', () => socket.destroy());
    await connections.get(socket)?.last;
    socket.end(NO_PROXY, () => socket.destroy());
  });
  server.on('connection', (socket) => {
    connections.set(socket, { open: 0, last: Promise.resolve(), response: undefined });
    socket.once('close', () => connections.delete(socket));
  });

  /** Stops listening, lets the requests that have begun end, and closes all else: in 7 s at most. */
  async function drain(): Promise<void> {
    const end = performance.now() + DRAIN_MS;
    server.close();
    for (const { response } of connections.values()) {
      if (response && !response.headersSent) response.setHeader('Connection', 'close');
    }
    while (connections.size > 0 && performance.now() < end) {
      await sleep(POLL_MS);
      // `server.close()` passes over connections that have never sent a request.
      for (const [socket, { open }] of connections) if (open === 0) socket.destroy();
    }
    server.closeAllConnections();
  }

  return { server, drain };
}
