/**
 * One connection's requests, one after the other. Node reads ahead: it hands out the second of two
 * pipelined requests while the first is still being answered. Answers must keep their order, and a
 * request that changes something must not overtake another (RFC 9112 §9.3.2), so the second one
 * waits here; and so does the refusal of broken bytes that came behind a good request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Refusal, refusalOf } from './refusal.ts';

/** A client’s connection, and the answers owed on it. */
export interface Connection {
  /**
   * Calls `answer` when every answer before this one is out; never, if the connection ends first.
   * What is still read of a connection that was refused is no request: its sender was told that
   * nothing was done.
   * @param answer resolves when it has done what it can; a response that is still open then is
   *   waited for
   */
  take(request: IncomingMessage, response: ServerResponse, answer: () => Promise<void>): void;
  /**
   * Answers, in its turn, what did not become a whole request, and closes the connection.
   * @param cause an error code of Node's parser, or `CONNECT`
   * @param request if there is one, and it was not taken before
   */
  refuse(cause: string, request?: IncomingMessage): void;
  /** Whether an answer is still owed. */
  readonly busy: boolean;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answer: () => Promise<void>;
}

/** When so many requests wait, no more are read for now. */
const MANY_WAITING = 32;
/** Some still come, out of what was read already. Who sends this many means no good. */
const TOO_MANY_WAITING = 10_000;
/** How long, in ms, a refused connection is still read from; see `linger` in send.ts. */
const LINGER_MS = 2000;

/**
 * Follows a connection from its beginning.
 * @param onRefused told of a refusal that was sent, and of the request that could not be read to
 *   its end; of none, when not even its headers could
 */
export function createConnection(
  socket: Socket,
  onRefused: (refusal: Refusal, request?: IncomingMessage) => void,
): Connection {
  /** The one that is being answered is the first. */
  const exchanges: Exchange[] = [];
  /** What is to be refused when all that came before it is answered. */
  let owed: { cause: string; request: IncomingMessage | undefined } | undefined;

  function readOnOrNot(): void {
    if (exchanges.length > MANY_WAITING) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  async function begin({ response, answer }: Exchange): Promise<void> {
    try {
      await answer();
    } finally {
      // Nearly always: the system has taken all of it, and nobody waits.
      const isOut = response.writableEnded && socket.writableLength === 0;
      if (isOut && exchanges.length === 1 && owed === undefined) exchanges.pop();
      else if (response.closed) next();
      else response.once('close', next);
    }
  }

  function next(): void {
    exchanges.shift();
    // Closed by the client, or about to be closed by us: nobody would hear a further answer.
    if (!socket.writable) return;
    readOnOrNot();
    const [first] = exchanges;
    if (first) void begin(first);
    else if (owed !== undefined) endWith(owed.cause, owed.request);
  }

  /** Answers on the bare socket, where Node has no response for us, and closes it. */
  function endWith(cause: string, request: IncomingMessage | undefined): void {
    if (!socket.writable) {
      // Gone, or answered already by an early refusal.
      socket.destroy();
      return;
    }
    const refusal = refusalOf(cause);
    socket.end(refusal.text);
    onRefused(refusal, request);
    // Read on for a moment, or the client's system throws our answer away.
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  return {
    take(request, response, answer) {
      if (owed !== undefined || !socket.writable) return;
      const exchange = { request, response, answer };
      exchanges.push(exchange);
      if (exchanges.length === 1) void begin(exchange);
      // Not before Node is through with what it has read: it would resume at once.
      else if (exchanges.length === MANY_WAITING + 1) process.nextTick(readOnOrNot);
      else if (exchanges.length > TOO_MANY_WAITING) socket.destroy();
    },

    refuse(cause, request) {
      // The parser complains again of whatever else the client sends.
      if (owed !== undefined) return;
      const last = exchanges.at(-1);
      // The broken bytes are the body of the last request, which can never be whole now.
      const isItsBody = last !== undefined && !last.request.complete;
      owed = { cause, request: isItsBody ? last.request : request };
      if (isItsBody && exchanges.length > 1) exchanges.pop();
      else if (isItsBody || last === undefined) endWith(cause, owed.request);
    },

    get busy() {
      return exchanges.length > 0;
    },
  };
}
