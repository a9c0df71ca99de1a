/**
 * A client that talks bytes and takes its time: it sends a part, waits for what comes back, and
 * sends on. For one question and its answer, `exchange` in raw.ts is enough.
 */
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

export interface RawClient {
  readonly socket: Socket;
  /** As latin1. */
  send(bytes: string): void;
  /** Everything that has come so far, as latin1. */
  received(): string;
  /** Waits until what has come satisfies the test, and returns it. */
  until(test: (text: string) => boolean): Promise<string>;
  /** Waits until the server has closed the connection in good order, and returns all that came. */
  ended(): Promise<string>;
}

/** No wait is longer than this, in ms; a passing test never gets near it. */
const PATIENCE_MS = 15_000;

/** Connects; the connection is cut when the test ends. */
export async function openClient(t: TestContext, port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  atEnd(t, () => socket.destroy());
  let text = '';
  let isEnded = false;
  let failure: Error | undefined;
  let wake = () => {};
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    wake();
  });
  socket.on('end', () => {
    isEnded = true;
    wake();
  });
  socket.on('error', (error) => {
    failure = error;
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });

  async function waitFor(condition: () => boolean): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (failure) throw failure;
      const left = deadline - performance.now();
      if (left <= 0 || isEnded) throw new Error(`waited in vain; so far came: ${text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return text;
  }

  return {
    socket,
    send: (bytes) => void socket.write(Buffer.from(bytes, 'latin1')),
    received: () => text,
    until: (test) => waitFor(() => test(text)),
    ended: () => waitFor(() => isEnded),
  };
}

/**
 * Sends bytes and reads until the server closes the connection; fails if it resets or keeps it.
 * @returns everything that came back, as latin1
 */
export async function askToEnd(t: TestContext, port: number, bytes: string): Promise<string> {
  const client = await openClient(t, port);
  client.send(bytes);
  return client.ended();
}
