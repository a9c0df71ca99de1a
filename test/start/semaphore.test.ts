import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createGate, TimeoutError, withTimeout } from '../../lib/semaphore.ts';
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

test('withTimeout gives what the promise gives, or throws what it throws', async () => {
  assert.equal(await withTimeout(Promise.resolve(7), 1000), 7);
  await assert.rejects(withTimeout(Promise.reject(new RangeError('x')), 1000), RangeError);
});

test('withTimeout ends the wait, once, and tells whoever is to end the work', async () => {
  let calls = 0;
  const late = withTimeout(new Promise(() => {}), 5, () => {
    calls += 1;
  });
  await assert.rejects(late, TimeoutError);
  assert.equal(calls, 1);
});

test('withTimeout has no use for work that fails when nobody waits any more', async (t) => {
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

test('a gate lets so many through at a time, and the others in the order they came', async () => {
  const gate = createGate({ slots: 2, queue: 10, waitMs: 5000 });
  const works = Array.from({ length: 5 }, () => work<number>());
  const begun: number[] = [];
  const results = works.map(({ done }, index) =>
    gate.run(() => {
      begun.push(index);
      return done;
    }),
  );
  await turn();
  assert.deepEqual(begun, [0, 1]);
  assert.deepEqual(gate.count(), { running: 2, waiting: 3 });
  works[1]?.resolve(1);
  await results[1];
  await turn();
  assert.deepEqual(begun, [0, 1, 2]);
  for (const [index, { resolve }] of works.entries()) resolve(index);
  assert.deepEqual(await Promise.all(results), [0, 1, 2, 3, 4]);
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  assert.deepEqual(gate.count(), { running: 0, waiting: 0 });
});

test('nobody who comes later slips in before those who wait', async () => {
  const gate = createGate({ slots: 1, queue: 10, waitMs: 5000 });
  const order: string[] = [];
  const first = gate.run(async () => {
    order.push('first');
  });
  const second = gate.run(async () => {
    order.push('second');
  });
  // Called in the very moment in which the slot is handed on.
  const third = first.then(() =>
    gate.run(async () => {
      order.push('third');
    }),
  );
  await Promise.all([second, third]);
  assert.deepEqual(order, ['first', 'second', 'third']);
});

test('a gate’s queue is bounded', async () => {
  const gate = createGate({ slots: 1, queue: 2, waitMs: 5000 });
  const { done, resolve } = work<void>();
  const inside = [0, 1, 2].map(() => gate.run(() => done));
  await assert.rejects(
    gate.run(async () => {}),
    TimeoutError,
  );
  assert.deepEqual(gate.count(), { running: 1, waiting: 2 });
  resolve();
  await Promise.all(inside);
  assert.equal(await gate.run(async () => 'free again'), 'free again');
});

test('what is urgent goes ahead at a gate, and has a queue of its own', async () => {
  const gate = createGate({ slots: 1, queue: 2, waitMs: 5000 });
  const { done, resolve } = work<void>();
  const order: string[] = [];
  const enter = (name: string, isUrgent?: boolean) =>
    gate.run(async () => void order.push(name), isUrgent);
  const inside = [gate.run(() => done), enter('one'), enter('two')];
  await assert.rejects(enter('three'), TimeoutError);
  inside.push(enter('first', true), enter('second', true));
  await assert.rejects(enter('third', true), TimeoutError);
  assert.deepEqual(gate.count(), { running: 1, waiting: 4 });
  resolve();
  await Promise.all(inside);
  assert.deepEqual(order, ['first', 'second', 'one', 'two']);
});

test('whoever waits too long at a gate goes away, and takes no slot along', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const gate = createGate({ slots: 1, queue: 5, waitMs: 100 });
    const { done, resolve } = work<void>();
    const holder = gate.run(() => done);
    let begun = 0;
    const waiting = [0, 1, 2].map(() =>
      gate.run(async () => {
        begun += 1;
      }),
    );
    mock.timers.tick(100);
    const outcomes = await Promise.allSettled(waiting);
    assert.ok(
      outcomes.every((outcome) => 'reason' in outcome && outcome.reason instanceof TimeoutError),
    );
    assert.deepEqual(gate.count(), { running: 1, waiting: 0 });
    resolve();
    await holder;
    assert.equal(begun, 0);
    assert.deepEqual(gate.count(), { running: 0, waiting: 0 });
  } finally {
    mock.timers.reset();
  }
});

test('a slot that is handed on as the wait ends is not lost', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const gate = createGate({ slots: 1, queue: 5, waitMs: 100 });
    const { done, resolve } = work<void>();
    const holder = gate.run(() => done);
    const next = gate.run(async () => 'had its turn');
    resolve();
    await holder; // the slot is the next one's now
    mock.timers.tick(100);
    assert.equal(await next, 'had its turn');
    assert.deepEqual(gate.count(), { running: 0, waiting: 0 });
  } finally {
    mock.timers.reset();
  }
});

test('work that throws, at once or late, gives its slot back', async () => {
  const gate = createGate({ slots: 1, queue: 5, waitMs: 5000 });
  const failures: (() => Promise<never>)[] = [
    () => Promise.reject(new Error('late')),
    () => {
      throw new Error('at once');
    },
  ];
  for (const failure of failures) {
    await assert.rejects(gate.run(failure));
    assert.deepEqual(gate.count(), { running: 0, waiting: 0 });
  }
});

test('after any mixture of success, failure and waiting in vain, all slots are free', async () => {
  const gate = createGate({ slots: 3, queue: 20, waitMs: 4 });
  let most = 0;
  const one = async (index: number): Promise<void> => {
    most = Math.max(most, gate.count().running);
    await new Promise((resolve) => setTimeout(resolve, index % 7));
    if (index % 5 === 0) throw new Error('x');
  };
  const all = Array.from({ length: 300 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index % 50));
    await gate.run(() => one(index));
  });
  const kinds = new Set((await Promise.allSettled(all)).map(({ status }) => status));
  assert.deepEqual([...kinds].sort(), ['fulfilled', 'rejected']);
  assert.ok(most <= 3);
  assert.deepEqual(gate.count(), { running: 0, waiting: 0 });
});
