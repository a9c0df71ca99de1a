/**
 * Many requests, one look at the file system. Whoever asks while a look is under way shares the next one: the
 * one under way may have looked before the edit that this visitor has just made.
 */

/**
 * @param work the look itself; never runs twice at a time
 * @returns what waits for a look that begins after the call, and throws what that look throws
 */
export function createLook(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function run(): Promise<void> {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  }

  return () => {
    if (running === undefined) return run();
    next ??= running
      .catch(() => {}) // whoever waited for that one is told
      .then(() => {
        next = undefined;
        return running ?? run();
      });
    return next;
  };
}
