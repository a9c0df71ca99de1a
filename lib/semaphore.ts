/**
 * Every wait has an end, and every queue a bound. Two small tools keep that promise for the
 * database and for password hashing; neither knows what it is waiting for.
 */

/** A wait that took too long, or a queue that was full. The work may be tried again later. */
export class TimeoutError extends Error {}

/**
 * Waits for a promise, but not for ever.
 * @param ms how long, in milliseconds
 * @param onTimeout called once when the time is up, to end the work that nobody waits for any more
 * @throws TimeoutError when the time is up; else whatever the promise throws
 */
export async function withTimeout<T>(
  promise: Promise<T>,
  ms: number,
  onTimeout?: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeoutError('no answer in time'));
      onTimeout?.();
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A gate lets so many pieces of work run at once: the urgent first, else in the order they came.
 * @param options.queue how many may wait for a slot, of the urgent and of the others each
 * @param options.waitMs how long one may wait for it, in milliseconds
 */
export function createGate(options: { slots: number; queue: number; waitMs: number }) {
  const urgent = new Set<() => void>();
  const others = new Set<() => void>();
  let running = 0;

  async function enter(waiting: Set<() => void>): Promise<void> {
    if (running < options.slots) {
      running += 1;
      return;
    }
    if (waiting.size >= options.queue)
      throw new TimeoutError(`${waiting.size} are waiting already`);
    let go = () => {};
    const turn = new Promise<void>((resolve) => {
      go = resolve;
    });
    waiting.add(go);
    await withTimeout(turn, options.waitMs, () => waiting.delete(go));
  }

  // A slot is handed on, not given back and taken again: nobody can slip in between.
  function leave(): void {
    const queue = urgent.size > 0 ? urgent : others;
    const [next] = queue;
    if (next === undefined) running -= 1;
    else queue.delete(next);
    next?.();
  }

  return {
    /**
     * Runs `work` when a slot is free; the slot is free again when the work has settled.
     * @throws TimeoutError when the queue is full or the wait too long; else what `work` throws
     */
    async run<T>(work: () => Promise<T>, isUrgent = false): Promise<T> {
      await enter(isUrgent ? urgent : others);
      try {
        return await work();
      } finally {
        leave();
      }
    },
    /** How many are at work and how many wait, for tests and for reading along. */
    count: () => ({ running, waiting: urgent.size + others.size }),
  };
}
