/** A timeout for a promise, and a counting semaphore with a bounded queue. */

export class TimeoutError extends Error {}

export class QueueFullError extends Error {}

/** @param onTimeout called after `ms`, to cancel the work. @throws TimeoutError, or as the promise */
export async function withTimeout<T>(
  promise: Promise<T>,
  ms: number,
  onTimeout?: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeoutError('no answer in time'));
      onTimeout?.();
    }, ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tasks of high priority go first, else in the order in which they came.
 * @param options how many tasks run at once, how many of each priority wait, and for how many ms
 */
export function createSemaphore(options: Record<'permits' | 'queueLimit' | 'waitMs', number>) {
  const { permits, queueLimit, waitMs } = options;
  const queues = { high: new Set<() => void>(), normal: new Set<() => void>() };
  let running = 0;

  async function acquire(queue: Set<() => void>): Promise<void> {
    if (running < permits) {
      running += 1;
      return;
    }
    if (queue.size >= queueLimit) throw new QueueFullError(`${queue.size} are waiting already`);
    let resolve = () => {};
    const granted = new Promise<void>((settle) => {
      resolve = settle;
    });
    queue.add(resolve);
    await withTimeout(granted, waitMs, () => queue.delete(resolve));
  }

  // The permit goes to the next in the queue, so that newcomers cannot barge in.
  function release(): void {
    const queue = queues.high.size > 0 ? queues.high : queues.normal;
    const [next] = queue;
    if (next === undefined) running -= 1;
    else queue.delete(next);
    next?.();
  }

  return {
    /** @throws QueueFullError, TimeoutError after `waitMs`, or what the task throws */
    async run<T>(task: () => Promise<T>, priority: 'high' | 'normal' = 'normal'): Promise<T> {
      await acquire(queues[priority]);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
