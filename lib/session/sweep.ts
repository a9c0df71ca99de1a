/**
 * Forgets idle sessions in the background, a few at a time, so that no request waits for it.
 */
import type { SessionStore } from './store.ts';

const EVERY_MS = 1000;
/** So many a turn of the event loop: a fraction of a millisecond. */
const AT_ONCE = 250;

/**
 * Sweeps once a second, and turn after turn while there is something to sweep.
 * @returns what stops it
 */
export function sweepRegularly(store: SessionStore): () => void {
  let next: NodeJS.Immediate | undefined;
  function sweep(): void {
    next = store.sweep(AT_ONCE) === AT_ONCE ? setImmediate(sweep) : undefined;
  }
  const timer = setInterval(() => {
    if (next === undefined) sweep();
  }, EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    clearImmediate(next);
  };
}
