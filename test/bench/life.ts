/**
 * The life of a program of this folder: whatever it starts is ended with it, the last first, when
 * it is done, when it fails, and on Ctrl-C. A bare `node --test` picks these files up as well: then
 * nothing happens.
 */

export interface Life {
  /** Aborted by Ctrl-C and the like: every long wait listens to it. */
  readonly signal: AbortSignal;
  /** Something to be done at the end, come what may. */
  atEnd(task: () => unknown): void;
}

/** Does the work of a program; a failure is printed, and makes the exit code 1. */
export async function live(work: (life: Life) => Promise<void>): Promise<void> {
  if (process.env.NODE_TEST_CONTEXT !== undefined) return;
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort(new Error(`ended by ${signal}`)));
  }
  const tasks: (() => unknown)[] = [];
  const { signal } = stopping;
  try {
    await work({ signal, atEnd: (task) => void tasks.push(task) });
  } catch (error) {
    // What a wait throws when it is broken off says less than why it was.
    fail(signal.aborted ? signal.reason : error);
  }
  for (const task of tasks.reverse()) {
    try {
      await task();
    } catch (error) {
      fail(error);
    }
  }
}

function fail(error: unknown): void {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
}
