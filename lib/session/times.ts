/**
 * Setting the wall clock ends no session: lives are measured by a clock that only goes on, and told
 * by the wall clock as it is now.
 */
import type { Stored } from './store.ts';

/** How long a session lives unused, and at all, in ms. */
export interface Lives {
  readonly idleMs: number;
  readonly maxAgeMs: number;
}

/** From the store's times to when a session began, was used and ends, by the wall clock. */
export type TimesOf = ReturnType<typeof createTimes>;

/** The two clocks tick apart by a millisecond; what is more, in ms, means that one was set. */
const JITTER_MS = 50;

/** @param now the store's clock, in ms */
export function createTimes({ idleMs, maxAgeMs }: Lives, now: () => number) {
  let lastOffset = Number.NEGATIVE_INFINITY;
  return ({ createdAt, seenAt }: Pick<Stored, 'createdAt' | 'seenAt'>) => {
    const offset = Date.now() - now();
    if (Math.abs(offset - lastOffset) > JITTER_MS) lastOffset = offset;
    const wallClock = (at: number) => new Date(at + lastOffset);
    return {
      createdAt: wallClock(createdAt),
      lastSeenAt: wallClock(seenAt),
      idleExpiresAt: wallClock(Math.min(seenAt + idleMs, createdAt + maxAgeMs)),
      expiresAt: wallClock(createdAt + maxAgeMs),
    };
  };
}
