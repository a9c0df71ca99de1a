/** One connection to the server: bytes go out in steps, and what comes back is noted. Every wait ends. */
import { connect, isIP, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { type Answers, parseAnswers } from './answers.ts';

/** What is done on the connection: text is sent as latin1. */
export type Step =
  | string
  | { readonly pauseMs: number }
  /** Until this many answers have come, interim ones included. */
  | { readonly answers: number }
  /** Our half of the connection is closed. */
  | 'end'
  /** The text goes out again and again, until the server closes. */
  | { readonly drip: string; readonly everyMs: number };

export interface Seen extends Answers {
  /** How the connection stands when we stop looking. */
  readonly end: 'closed' | 'reset' | 'open';
  /** From the last step to the end, in ms. */
  readonly ms: number;
  /** Whether an answer that a step waited for did not come. */
  readonly isLate: boolean;
}

export interface Address {
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port: number;
}

export interface Patience {
  /** For an answer. */
  readonly answerMs: number;
  /** For anything more, once the answers are there. */
  readonly quietMs: number;
}

const CONNECT_MS = 5000;

/** The server cannot be reached at all. */
export class NoConnection extends Error {}

/**
 * @param methods of the requests in `steps`: as many answers are waited for
 * @throws NoConnection
 */
export async function talk(
  address: Address,
  steps: readonly Step[],
  methods: readonly string[],
  { answerMs, quietMs }: Patience,
): Promise<Seen> {
  const socket = await open(address);
  let text = '';
  let end: Seen['end'] = 'open';
  let isLate = false;
  let wake = () => {};
  const parsed = () => parseAnswers(text, methods, end !== 'open');
  const note = (how: Seen['end']) => {
    if (end === 'open') end = how;
    wake();
  };
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    wake();
  });
  socket.on('end', () => note('closed'));
  // What has come is kept: a server may answer and then close on what it has not read.
  socket.on('error', () => note('reset'));
  socket.on('close', () => note('closed'));

  /** @returns when something has happened, or after `ms` */
  const change = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  async function until(condition: () => boolean, ms: number): Promise<void> {
    for (const last = performance.now() + ms; end === 'open' && !condition(); ) {
      const left = last - performance.now();
      if (left <= 0) return;
      await change(left);
    }
  }

  try {
    let begin = performance.now();
    for (const step of steps) {
      begin = performance.now();
      if (typeof step === 'string') {
        if (step === 'end') socket.end();
        else if (socket.writable) socket.write(Buffer.from(step, 'latin1'));
      } else if ('pauseMs' in step) await sleep(step.pauseMs);
      else if ('answers' in step) {
        const count = () => parsed().interim.length + parsed().final.length;
        await until(() => count() >= step.answers, answerMs);
        isLate ||= count() < step.answers;
      } else {
        const last = performance.now() + answerMs;
        while (end === 'open' && performance.now() < last) {
          socket.write(Buffer.from(step.drip, 'latin1'));
          await until(() => false, Math.min(step.everyMs, last - performance.now()));
        }
      }
    }
    const left = Math.max(0, begin + answerMs - performance.now());
    await until(() => parsed().final.length >= methods.length, left);
    for (let before = -1; end === 'open' && before !== text.length; ) {
      before = text.length;
      const isAnswered = parsed().final.length > 0;
      if (isAnswered) await until(() => text.length !== before, quietMs);
    }
    return { ...parsed(), end, ms: performance.now() - begin, isLate };
  } finally {
    socket.destroy();
  }
}

function open({ isTls, hostname, port }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // With a name, for a server of several; not for an address (RFC 6066 §3).
    const names = isIP(hostname) ? {} : { servername: hostname };
    const socket = isTls
      ? connectTls({ host: hostname, port, rejectUnauthorized: false, ...names })
      : connect({ host: hostname, port });
    const fail = (error: Error) => {
      socket.destroy();
      reject(new NoConnection(error.message));
    };
    const timer = setTimeout(
      () => fail(new Error(`no connection within ${CONNECT_MS} ms`)),
      CONNECT_MS,
    );
    socket.once('error', fail);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
