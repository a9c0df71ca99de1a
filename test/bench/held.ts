/**
 * What a million sessions cost: the memory of each, and the longest pause while they are forgotten.
 * Done on the store itself, with a clock that is moved by hand.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSessionCookie } from '../../lib/session/cookie.ts';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { createSessions } from '../../lib/session/sessions.ts';

/**
 * By the clock, and in the processor's time: on a busy machine the clock runs on while we do not.
 */
export interface Pause {
  readonly ms: number;
  readonly cpuMs: number;
}

export interface Held {
  /** Of the heap, for each session with one key and its value. */
  readonly bytes: number;
  /** Of that, the value itself: a text of 32 letters. */
  readonly dataBytes: number;
  /**
   * The longest turn of the event loop while all are swept away, with the collecting of garbage in
   * it.
   */
  readonly longestTurn: Pause;
  /** The longest single call of `sweep`. */
  readonly longestSweep: Pause;
}

const IDLE_MS = 60_000;
/** Between two of these the event loop turns while the store is filled. */
const AT_ONCE = 1000;

/** Fills a store, weighs it, and lets it be swept empty. */
export async function holdSessions(sessions: number): Promise<Held> {
  const dataBytes = (await weigh(() => Array.from({ length: sessions }, newValue))) / sessions - 8;
  let clock = 0;
  const cookie = createSessionCookie(['k'.repeat(32)]);
  const limits = { idleMs: IDLE_MS, absoluteMs: 2 * IDLE_MS, limit: sessions };
  const store = createMemoryStore({ ...limits, now: () => clock });
  const all = await weigh(async () => {
    for (let count = 1; count <= sessions; count += 1) {
      const patch = new Map([['page:k', JSON.stringify(newValue())]]);
      await store.create(cookie.create().handle, undefined, patch);
      if (count % AT_ONCE === 0) await nextTurn();
    }
    return store;
  });

  const sweeps = createStopwatch();
  const watched = {
    ...store,
    sweep(most: number) {
      sweeps.begin();
      const count = store.sweep(most);
      sweeps.end();
      return count;
    },
  };
  clock += IDLE_MS;
  const sweeping = createSessions(watched, cookie).sweep();
  const turns = createStopwatch();
  while (store.size > 0) {
    turns.begin();
    await nextTurn();
    turns.end();
  }
  await sweeping;
  const [longestTurn, longestSweep] = [turns.longest(), sweeps.longest()];
  return { bytes: all / sessions, dataBytes, longestTurn, longestSweep };
}

function createStopwatch() {
  const longest = { ms: 0, cpuMs: 0 };
  let from = 0;
  let cpuFrom = 0;
  return {
    begin() {
      cpuFrom = usedMs();
      from = performance.now();
    },
    end() {
      longest.ms = Math.max(longest.ms, performance.now() - from);
      longest.cpuMs = Math.max(longest.cpuMs, usedMs() - cpuFrom);
    },
    longest: (): Pause => longest,
  };
}

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** How many bytes of the heap are taken by what is made. */
async function weigh(make: () => unknown): Promise<number> {
  const before = heapBytes();
  const made = await make();
  const bytes = heapBytes() - before;
  // Looked at once more, so that it is not garbage when it is weighed.
  return made === undefined ? 0 : bytes;
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}

function newValue(): string {
  return randomBytes(24).toString('base64');
}
