/**
 * No session is held longer than it lives, and no request waits while they are forgotten: that is
 * done in the background, a few at a time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SessionStore } from './store.ts';

const EVERY_MS = 1000;
/** So many a turn of the event loop: a fraction of a millisecond. */
const AT_ONCE = 250;

/**
 * Sweeps once a second, and turn after turn while there is something to sweep.
 * @param onFailure told what a sweep threw; the next one tries again
 * @returns what stops it
 */
export function sweepRegularly(
  store: SessionStore,
  onFailure: (error: unknown) => void,
): () => void {
  let isSweeping = false;
  let isStopped = false;
  async function sweep(): Promise<void> {
    if (isSweeping) return;
    isSweeping = true;
    try {
      while (!isStopped && (await store.sweep(AT_ONCE)) === AT_ONCE) await nextTurn();
    } catch (error) {
      onFailure(error);
    } finally {
      isSweeping = false;
    }
  }
  const timer = setInterval(sweep, EVERY_MS).unref();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
