/**
 * A token bucket for each key (a client's address, an account): it holds `burst` tokens and gains
 * one each `refillMs`. Each process has its own buckets, and forgets the least recently used key.
 */
import { HttpError } from './reply.ts';

export type RateLimit = ReturnType<typeof createRateLimit>;

const MAX_KEYS = 10_000;

/** @param burst 0 for no limit. @param now a monotonic clock in ms */
export function createRateLimit(burst: number, refillMs: number, now: () => number) {
  /** The tokens of a key when they were last counted, least recently used first. */
  const buckets = new Map<string, { tokens: number; at: number }>();

  function store(key: string, tokens: number): void {
    buckets.delete(key);
    const [oldest = ''] = buckets.keys();
    if (buckets.size >= MAX_KEYS) buckets.delete(oldest);
    buckets.set(key, { tokens, at: now() });
  }

  function tokensOf(key: string): number {
    const { tokens, at } = buckets.get(key) ?? { tokens: burst, at: now() };
    return Math.min(burst, tokens + (now() - at) / refillMs);
  }

  return {
    /** Takes a token. @returns 0, or how many ms to wait for one; then none is taken */
    take(key: string): number {
      if (burst === 0) return 0;
      const tokens = tokensOf(key);
      store(key, tokens >= 1 ? tokens - 1 : tokens);
      return tokens >= 1 ? 0 : (1 - tokens) * refillMs;
    },

    refund(key: string): void {
      if (burst > 0) store(key, Math.min(burst, tokensOf(key) + 1));
    },

    /** Fills the bucket. */
    reset: (key: string): boolean => buckets.delete(key),
  };
}

/** 429, with the seconds to wait rounded up (RFC 6585 §4). */
export function tooManyRequests(waitMs: number, detail: string): HttpError {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)));
  return new HttpError(429, 'too_many_requests', detail, ['Retry-After', seconds]);
}
