/**
 * Visitors who come back as soon as they are answered, until they are told to stop.
 */

import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from './at-end.ts';

const PAUSE_MS = 20;

export interface Load {
  /** How often each outcome has been met: a status, or the name of an error. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Lets everybody finish. @returns the outcomes */
  stop(): Promise<ReadonlyMap<string, number>>;
}

/**
 * Lets visitors come; the last of them go when the test ends, also when it fails.
 * @param visitors how many at once
 * @param visit one request; its status, or it throws
 */
export function startLoad(
  t: TestContext,
  visitors: number,
  visit: (count: number) => Promise<number>,
): Load {
  const outcomes = new Map<string, number>();
  let isOver = false;
  let count = 0;

  async function visitor(): Promise<void> {
    while (!isOver) {
      count += 1;
      const outcome = await visit(count).then(String, nameOf);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      // Whoever is refused comes again a moment later, and does not keep the machine busy with it.
      if (!/^\d+$/.test(outcome)) await sleep(PAUSE_MS);
    }
  }
  const all = Promise.all(Array.from({ length: visitors }, visitor));
  async function stop() {
    isOver = true;
    await all;
    return outcomes;
  }
  atEnd(t, stop);
  return { outcomes, stop };
}

/** What went wrong, in a word: `ECONNREFUSED`, `TimeoutError`. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : nameOf(error.cause);
}
