/**
 * One connection's requests, one after the other. Node reads ahead: it hands out the second of two
 * pipelined requests while the first is still being answered. Answers must keep their order, and a
 * request that changes something must not overtake another (RFC 9112 §9.3.2), so the second one
 * waits here; and so does the refusal of broken bytes that came behind a good request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Backlog } from './backlog.ts';
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

interface Exchange {
  readonly response: ServerResponse;
  /** How many bytes had been read of the connection before the read that brought the request. */
  readonly bytesBefore: number;
}

/** What Node holds of a request beside the bytes that came, in bytes; measured: 1700. */
const REQUEST_WEIGHT = 2048;
/** Of the smallest requests 18: behind each slice there is time to stop. */
const SLICE_BYTES = 512;

/** A client’s connection, and the answers owed on it. */
export class Connection {
  readonly #socket: Socket;
  readonly #listener: Listener;
  readonly #backlog: Backlog;
  /** The first is being answered, the others wait. */
  readonly #exchanges: Exchange[] = [];
  /** What is to be refused when all that came before it is answered. */
  #owed: { cause: string; request: IncomingMessage | undefined } | undefined;
  #bytesRead = 0;
  /** What the requests weigh that wait for their turn, in bytes. */
  weight = 0;
  #isSliced = false;

  constructor(socket: Socket, listener: Listener, backlog: Backlog) {
    this.#socket = socket;
    this.#listener = listener;
    this.#backlog = backlog;
  }

  /** Whether an answer is still owed. */
  get isBusy(): boolean {
    return this.#exchanges.length > 0;
  }

  /**
   * Answers a request when every one before it is answered; never, if the connection ends first.
   * What is still read of a connection that was refused is no request: its sender was told that
   * nothing was done.
   */
  take(response: ServerResponse): void {
    if (this.#owed !== undefined || !this.#socket.writable) return;
    this.#exchanges.push({ response, bytesBefore: this.#bytesRead });
    this.#bytesRead = this.#socket.bytesRead;
    if (this.#exchanges.length === 1) return void this.#begin(response);
    this.#weigh();
    // While one waits no more is read. Not before Node is through with what it has read, and with
    // all that comes of it: it would resume at once.
    setImmediate(() => this.#exchanges.length > 1 && this.#socket.pause());
  }

  /**
   * Answers, in its turn, what did not become a whole request, and closes the connection.
   * @param cause an error code of Node's parser, or `CONNECT`
   * @param request if there is one, and it was not taken before
   */
  refuse(cause: string, request?: IncomingMessage): void {
    // The parser complains again of whatever else the client sends.
    if (this.#owed !== undefined) return;
    const last = this.#exchanges.at(-1)?.response;
    // The broken bytes are the body of the last request, which can never be whole now.
    const isItsBody = last !== undefined && !last.req.complete;
    this.#owed = { cause, request: isItsBody ? last.req : request };
    if (isItsBody && this.#exchanges.length > 1) this.#exchanges.pop();
    else if (isItsBody || last === undefined) this.#endWith(cause, this.#owed.request);
  }

  /** Makes the last answer that is owed by now the connection's last. */
  end(): void {
    const last = this.#exchanges.at(-1)?.response;
    if (last && !last.headersSent) last.setHeader('Connection', 'close');
  }

  /** Lets go of the connection and of all that waits on it. */
  cut(): void {
    this.#exchanges.length = 0;
    this.#weigh();
    this.#socket.destroy();
  }

  /** Gives the parser, from now on, only so much at once, and nothing while a request waits. */
  readInSlices(): void {
    const socket = this.#socket;
    // Node's own listener, which feeds the parser; the parser reads the socket itself until there is
    // another. Whatever listens to data takes a chunk.
    const [parse] = socket.listeners('data') as ((chunk: Buffer) => void)[];
    if (this.#isSliced || parse === undefined) return;
    this.#isSliced = true;
    socket.off('data', parse).on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length && this.#owed === undefined; at += SLICE_BYTES) {
        if (socket.destroyed) return;
        if (this.#exchanges.length > 1) socket.pause();
        if (socket.isPaused()) return socket.unshift(chunk.subarray(at));
        parse.call(socket, chunk.subarray(at, at + SLICE_BYTES));
      }
    });
  }

  async #begin(response: ServerResponse): Promise<void> {
    await this.#listener.answer(response.req, response);
    // Nearly always: the system has taken all of it, and nobody waits.
    const isOut = response.writableEnded && this.#socket.writableLength === 0;
    if (isOut && this.#exchanges.length === 1 && this.#owed === undefined) this.#exchanges.pop();
    else if (response.closed) this.#next();
    else response.once('close', () => this.#next());
  }

  #next(): void {
    this.#exchanges.shift();
    // Closed by the client, or about to be closed by us: nobody would hear a further answer.
    if (!this.#socket.writable) return;
    this.#weigh();
    if (this.#exchanges.length < 2 && this.#socket.isPaused()) this.#socket.resume();
    const [first] = this.#exchanges;
    if (first) void this.#begin(first.response);
    else if (this.#owed !== undefined) this.#endWith(this.#owed.cause, this.#owed.request);
  }

  #weigh(): void {
    const before = this.weight;
    const waiting = this.#exchanges.length - 1;
    const bytes = this.#socket.bytesRead - (this.#exchanges[0]?.bytesBefore ?? 0);
    this.weight = waiting > 0 ? bytes + waiting * REQUEST_WEIGHT : 0;
    if (this.weight !== before) this.#backlog.change(this.weight - before);
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
