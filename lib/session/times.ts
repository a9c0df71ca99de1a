/**
 * Setting the wall clock ends no session: lives are measured by a clock that only goes on, and told
 * by the wall clock as it is now.
 */
import type { Stored } from './store.ts';

/** When a session began, was used, and ends; by the wall clock. */
export interface SessionTimes {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

/** From the store's times to those of the wall clock. */
export type TimesOf = (session: Pick<Stored, 'createdAt' | 'seenAt'>) => SessionTimes;

/** The two clocks tick apart by a millisecond; what is more, in ms, means that one was set. */
const JITTER_MS = 50;

/**
 * Makes what turns times into those of the wall clock.
 * @param lives in ms
 * @param now the store's clock, in ms
 */
export function createTimes(lives: { idleMs: number; maxAgeMs: number }, now: () => number) {
  let lastOffset = Number.NEGATIVE_INFINITY;
  const timesOf: TimesOf = ({ createdAt, seenAt }) => {
    const offset = Date.now() - now();
    if (Math.abs(offset - lastOffset) > JITTER_MS) lastOffset = offset;
    const wallClock = (at: number) => new Date(at + lastOffset);
    return {
      createdAt: wallClock(createdAt),
      lastSeenAt: wallClock(seenAt),
      idleExpiresAt: wallClock(Math.min(seenAt + lives.idleMs, createdAt + lives.maxAgeMs)),
      expiresAt: wallClock(createdAt + lives.maxAgeMs),
    };
  };
  return timesOf;
}
