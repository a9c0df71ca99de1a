/**
 * One connection's requests, one after the other. Node reads ahead: it hands out the second of two
 * pipelined requests while the first is still being answered. Answers must keep their order, and a
 * request that changes something must not overtake another (RFC 9112 §9.3.2), so the second one
 * waits here; and so does the refusal of broken bytes that came behind a good request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lingerAndClose } from './linger.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** Whom the server serves. Neither method throws. */
export interface Listener {
  /** Answers a request; a response that is still open when it resolves is waited for. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /**
   * Is told of what was answered already, because it did not become a whole request.
   * @param request as far as it came; `undefined` when its headers were not whole
   */
  refused(refusal: Refusal, request?: IncomingMessage): void;
}

/** When so many requests wait, no more are read for now. */
const MANY_WAITING = 32;
/** Some still come, out of what was read already. Who sends this many means no good. */
const TOO_MANY_WAITING = 10_000;

/** A client’s connection, and the answers owed on it. */
export class Connection {
  readonly #socket: Socket;
  readonly #listener: Listener;
  /** The first is being answered, the others wait. */
  readonly #responses: ServerResponse[] = [];
  /** What is to be refused when all that came before it is answered. */
  #owed: { cause: string; request: IncomingMessage | undefined } | undefined;

  constructor(socket: Socket, listener: Listener) {
    this.#socket = socket;
    this.#listener = listener;
  }

  /** Whether an answer is still owed. */
  get busy(): boolean {
    return this.#responses.length > 0;
  }

  /** The answers that are owed now are the last ones. */
  end(): void {
    const last = this.#responses.at(-1);
    if (last && !last.headersSent) last.setHeader('Connection', 'close');
  }

  /**
   * Answers a request when every one before it is answered; never, if the connection ends first.
   * What is still read of a connection that was refused is no request: its sender was told that
   * nothing was done.
   */
  take(response: ServerResponse): void {
    if (this.#owed !== undefined || !this.#socket.writable) return;
    const count = this.#responses.push(response);
    if (count === 1) void this.#begin(response);
    // Not before Node is through with what it has read: it would resume at once.
    else if (count === MANY_WAITING + 1) process.nextTick(() => this.#readOnOrNot());
    else if (count > TOO_MANY_WAITING) this.#socket.destroy();
  }

  /**
   * Answers, in its turn, what did not become a whole request, and closes the connection.
   * @param cause an error code of Node's parser, or `CONNECT`
   * @param request if there is one, and it was not taken before
   */
  refuse(cause: string, request?: IncomingMessage): void {
    // The parser complains again of whatever else the client sends.
    if (this.#owed !== undefined) return;
    const last = this.#responses.at(-1);
    // The broken bytes are the body of the last request, which can never be whole now.
    const isItsBody = last !== undefined && !last.req.complete;
    this.#owed = { cause, request: isItsBody ? last.req : request };
    if (isItsBody && this.#responses.length > 1) this.#responses.pop();
    else if (isItsBody || last === undefined) this.#endWith(cause, this.#owed.request);
  }

  async #begin(response: ServerResponse): Promise<void> {
    await this.#listener.answer(response.req, response);
    // Nearly always: the system has taken all of it, and nobody waits.
    const isOut = response.writableEnded && this.#socket.writableLength === 0;
    if (isOut && this.#responses.length === 1 && this.#owed === undefined) this.#responses.pop();
    else if (response.closed) this.#next();
    else response.once('close', () => this.#next());
  }

  #next(): void {
    this.#responses.shift();
    // Closed by the client, or about to be closed by us: nobody would hear a further answer.
    if (!this.#socket.writable) return;
    this.#readOnOrNot();
    const [first] = this.#responses;
    if (first) void this.#begin(first);
    else if (this.#owed !== undefined) this.#endWith(this.#owed.cause, this.#owed.request);
  }

  #readOnOrNot(): void {
    if (this.#responses.length > MANY_WAITING) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Answers on the bare socket, where Node has no response for us. */
  #endWith(cause: string, request: IncomingMessage | undefined): void {
    // Gone, or answered already by an early refusal.
    if (!this.#socket.writable) return void this.#socket.destroy();
    const refusal = refusalOf(cause);
    this.#socket.write(refusal.text);
    lingerAndClose(this.#socket);
    this.#listener.refused(refusal, request);
  }
}
