/**
 * Two ways to slow a client down. A rate limit lets so many requests a minute through, for an
 * answer that is an oracle by nature. A backoff makes each further failure cost a longer wait, for
 * guessing at passwords. Both remember a bounded number of clients and forget the one that has been
 * quiet longest.
 */
import { HttpError } from './reply.ts';

/** How many keys one limit remembers. */
const MAX_KEYS = 10_000;
const MINUTE_MS = 60_000;
const FIRST_WAIT_MS = 1000;
/** No wait is longer, and who has been quiet for so long is forgiven. */
const MAX_WAIT_MS = 15 * MINUTE_MS;

/** A monotonic clock in ms. */
type Clock = () => number;

export type RateLimit = ReturnType<typeof createRateLimit>;

/**
 * A token bucket a key: it holds a minute's worth and fills evenly.
 * @param perMinute 0 for no limit
 */
export function createRateLimit(perMinute: number, now: Clock) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const tokensPerMs = perMinute / MINUTE_MS;
  return {
    /** Counts one request; 0 when it may pass, else how many ms to wait. */
    take(key: string): number {
      if (perMinute === 0) return 0;
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: perMinute, at };
      const tokens = Math.min(perMinute, bucket.tokens + (at - bucket.at) * tokensPerMs);
      const passes = tokens >= 1;
      remember(buckets, key, { tokens: passes ? tokens - 1 : tokens, at });
      return passes ? 0 : (1 - tokens) / tokensPerMs;
    },
  };
}

/**
 * Waits of 1, 2, 4 … s after `free` failures, 15 minutes at most.
 * @param free failures without a wait; 0 for no limit
 */
export function createBackoff(free: number, now: Clock) {
  const failures = new Map<string, { count: number; at: number; until: number }>();
  return {
    /**
     * Counts a failure before the attempt, so that attempts at the same time count as well.
     * @returns 0, or how many ms this key has to wait; then nothing is counted
     */
    begin(key: string): number {
      if (free === 0) return 0;
      const at = now();
      const last = failures.get(key);
      if (last && last.until > at) return last.until - at;
      const count = last && at - last.at < MAX_WAIT_MS ? last.count + 1 : 1;
      const wait = count < free ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - free), MAX_WAIT_MS);
      remember(failures, key, { count, at, until: at + wait });
      return 0;
    },
    /** Takes so many failures back, and the wait with them: they were none, or are forgiven. */
    undo(key: string, count: number): void {
      const last = failures.get(key);
      if (last === undefined) return;
      if (last.count <= count) failures.delete(key);
      else remember(failures, key, { count: last.count - count, at: last.at, until: 0 });
    },
    /** Forgets a key; returns how many failures it had. */
    forget(key: string): number {
      const count = failures.get(key)?.count ?? 0;
      failures.delete(key);
      return count;
    },
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  if (map.size >= MAX_KEYS) {
    const [oldest = ''] = map.keys();
    map.delete(oldest);
  }
  map.set(key, value);
}

/** 429, with the seconds to wait rounded up (RFC 6585 §4). */
export function tooManyRequests(waitMs: number, detail: string): HttpError {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)));
  return new HttpError(429, 'too_many_requests', detail, ['Retry-After', seconds]);
}
