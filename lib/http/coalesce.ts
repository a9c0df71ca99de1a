/**
 * Many ask, and it is done once: for looks at the file system. Whoever asks in one turn of the
 * event loop shares the look that begins when it ends; whoever asks while that one is under way
 * shares the one after it, because it may have looked before the edit that this visitor has just
 * made.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Does for all who ask at nearly the same time what each of them wants done.
 * @param work the look itself; never runs twice at a time
 * @returns what waits for a look that begins after the call, and throws what that look throws
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function lookNext(): Promise<void> {
    await nextTurn();
    await running?.catch(() => {}); // whoever waited for that one is told
    next = undefined;
    running = work();
    await running;
  }

  return () => {
    next ??= lookNext();
    return next;
  };
}
