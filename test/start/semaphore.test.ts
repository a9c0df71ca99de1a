import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createSemaphore, QueueFullError, TimeoutError, withTimeout } from '../../lib/semaphore.ts';
import { atEnd } from '../support/at-end.ts';

/** Work that ends when it is told to. */
function work<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const done = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { done, resolve, reject };
}

/** Whether all permits are there: that many tasks begin in one tick. */
async function assertFree(semaphore: ReturnType<typeof createSemaphore>, permits: number) {
  let begun = 0;
  const tasks = Array.from({ length: permits }, () =>
    semaphore.run(async () => {
      begun += 1;
      await turn();
    }),
  );
  await Promise.resolve();
  assert.equal(begun, permits);
  await Promise.all(tasks);
}

test('withTimeout gives what the promise gives, or throws what it throws', async () => {
  assert.equal(await withTimeout(Promise.resolve(7), 1000), 7);
  await assert.rejects(withTimeout(Promise.reject(new RangeError('x')), 1000), RangeError);
});

test('withTimeout ends the wait, once, and calls what cancels the work', async () => {
  let calls = 0;
  const late = withTimeout(new Promise(() => {}), 5, () => {
    calls += 1;
  });
  await assert.rejects(late, TimeoutError);
  assert.equal(calls, 1);
});

test('withTimeout passes over work that fails after the timeout', async (t) => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  atEnd(t, () => process.off('unhandledRejection', listener));
  const { done, reject } = work();
  await assert.rejects(withTimeout(done, 1), TimeoutError);
  reject(new Error('too late'));
  await turn();
  assert.deepEqual(unhandled, []);
});

test('withTimeout leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await withTimeout(Promise.resolve(), 60_000);
  await withTimeout(Promise.reject(new Error('x')), 60_000).catch(() => {});
  assert.equal(timers(), before);
});

test('a semaphore runs as many tasks as it has permits, and the others in the order they came', async () => {
  const semaphore = createSemaphore({ permits: 2, queueLimit: 10, waitMs: 5000 });
  const works = Array.from({ length: 5 }, () => work<number>());
  const begun: number[] = [];
  const results = works.map(({ done }, index) =>
    semaphore.run(() => {
      begun.push(index);
      return done;
    }),
  );
  await turn();
  assert.deepEqual(begun, [0, 1]);
  works[1]?.resolve(1);
  await results[1];
  await turn();
  assert.deepEqual(begun, [0, 1, 2]);
  for (const [index, { resolve }] of works.entries()) resolve(index);
  assert.deepEqual(await Promise.all(results), [0, 1, 2, 3, 4]);
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  await assertFree(semaphore, 2);
});

test('a newcomer does not barge in before those who wait', async () => {
  const semaphore = createSemaphore({ permits: 1, queueLimit: 10, waitMs: 5000 });
  const order: string[] = [];
  const first = semaphore.run(async () => {
    order.push('first');
  });
  const second = semaphore.run(async () => {
    order.push('second');
  });
  // Called in the very moment in which the permit is handed on.
  const third = first.then(() =>
    semaphore.run(async () => {
      order.push('third');
    }),
  );
  await Promise.all([second, third]);
  assert.deepEqual(order, ['first', 'second', 'third']);
});

test('a semaphore’s queue is bounded', async () => {
  const semaphore = createSemaphore({ permits: 1, queueLimit: 2, waitMs: 5000 });
  const { done, resolve } = work<void>();
  const inside = [0, 1, 2].map(() => semaphore.run(() => done));
  await assert.rejects(
    semaphore.run(async () => {}),
    QueueFullError,
  );
  resolve();
  await Promise.all(inside);
  assert.equal(await semaphore.run(async () => 'free again'), 'free again');
});

test('high priority goes first at a semaphore, and has a queue of its own', async () => {
  const semaphore = createSemaphore({ permits: 1, queueLimit: 2, waitMs: 5000 });
  const { done, resolve } = work<void>();
  const order: string[] = [];
  const enter = (name: string, priority?: 'high') =>
    semaphore.run(async () => void order.push(name), priority);
  const inside = [semaphore.run(() => done), enter('one'), enter('two')];
  await assert.rejects(enter('three'), QueueFullError);
  inside.push(enter('first', 'high'), enter('second', 'high'));
  await assert.rejects(enter('third', 'high'), QueueFullError);
  resolve();
  await Promise.all(inside);
  assert.deepEqual(order, ['first', 'second', 'one', 'two']);
});

test('a task that waits too long at a semaphore is dropped, and takes no permit', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const semaphore = createSemaphore({ permits: 1, queueLimit: 5, waitMs: 100 });
    const { done, resolve } = work<void>();
    const holder = semaphore.run(() => done);
    let begun = 0;
    const waiting = [0, 1, 2].map(() =>
      semaphore.run(async () => {
        begun += 1;
      }),
    );
    mock.timers.tick(100);
    const outcomes = await Promise.allSettled(waiting);
    assert.ok(
      outcomes.every((outcome) => 'reason' in outcome && outcome.reason instanceof TimeoutError),
    );
    resolve();
    await holder;
    assert.equal(begun, 0);
    await assertFree(semaphore, 1);
  } finally {
    mock.timers.reset();
  }
});

test('a permit that is handed on as the wait ends is not lost', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const semaphore = createSemaphore({ permits: 1, queueLimit: 5, waitMs: 100 });
    const { done, resolve } = work<void>();
    const holder = semaphore.run(() => done);
    const next = semaphore.run(async () => 'had its turn');
    resolve();
    await holder; // the permit is the next one's now
    mock.timers.tick(100);
    assert.equal(await next, 'had its turn');
    await assertFree(semaphore, 1);
  } finally {
    mock.timers.reset();
  }
});

test('a task that throws, at once or late, gives its permit back', async () => {
  const semaphore = createSemaphore({ permits: 1, queueLimit: 5, waitMs: 5000 });
  const failures: (() => Promise<never>)[] = [
    () => Promise.reject(new Error('late')),
    () => {
      throw new Error('at once');
    },
  ];
  for (const failure of failures) {
    await assert.rejects(semaphore.run(failure));
    await assertFree(semaphore, 1);
  }
});

test('after any mixture of success, failure and timeouts, all permits are free', async () => {
  const semaphore = createSemaphore({ permits: 3, queueLimit: 20, waitMs: 4 });
  let running = 0;
  let most = 0;
  const one = async (index: number): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, index % 7));
    running -= 1;
    if (index % 5 === 0) throw new Error('x');
  };
  const all = Array.from({ length: 300 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index % 50));
    await semaphore.run(() => one(index));
  });
  const kinds = new Set((await Promise.allSettled(all)).map(({ status }) => status));
  assert.deepEqual([...kinds].sort(), ['fulfilled', 'rejected']);
  assert.ok(most <= 3);
  await assertFree(semaphore, 3);
});
