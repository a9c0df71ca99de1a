import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../lib/session/memory-store.ts';
import { sweepRegularly } from '../lib/session/sweep.ts';
import { until } from './support/process.ts';
import { heapUsed } from './support/session-heap.ts';

const LIVES = { idleMs: 1_800_000, maxAgeMs: 28_800_000, limit: 100_000 };
const NOTHING = new Map<string, unknown>();

function storeWithClock() {
  let ms = 0;
  const store = createMemoryStore({ ...LIVES, now: () => ms });
  const pass = (by: number) => {
    ms += by;
  };
  return { store, pass };
}

test('sweeping forgets what has been idle too long, strangers’ and users’, and nothing else', async (t) => {
  const { store, pass } = storeWithClock();
  for (let number = 0; number < 3000; number += 1) {
    await store.create(NOTHING);
    await store.renew(undefined, `user-${number % 40}`, NOTHING);
  }
  pass(LIVES.idleMs - 1);
  const [seen] = await store.ownedBy('user-7');
  assert.ok(seen);
  await store.load(seen.id);
  await store.create(NOTHING);
  pass(1);
  t.after(sweepRegularly(store));
  await until('the sweep', () => store.size <= 2);
  assert.equal(store.size, 2);
  assert.deepEqual(await store.ownedBy('user-7'), [seen]);
});

test('sweeping goes in small steps, and lets requests in between', async (t) => {
  const { store, pass } = storeWithClock();
  for (let count = 0; count < 3000; count += 1) await store.create(NOTHING);
  pass(LIVES.idleMs);
  const events: string[] = [];
  function sweep(most: number): number {
    const { size } = store;
    const count = store.sweep(most);
    events.push(size - store.size <= 500 ? 'small step' : 'big step');
    setImmediate(() => events.push('request'));
    return count;
  }
  t.after(sweepRegularly({ ...store, sweep }));
  await until('the sweep', () => store.size === 0 && events.at(-1) === 'request');
  const expected = events.map((_, at) => (at % 2 === 0 ? 'small step' : 'request'));
  assert.deepEqual(events, expected);
});

test('sweeping gives the memory back', async (t) => {
  const { store, pass } = storeWithClock();
  const before = heapUsed();
  for (let count = 0; count < 50_000; count += 1) await store.create(NOTHING);
  const held = heapUsed() - before;
  pass(LIVES.idleMs);
  t.after(sweepRegularly(store));
  await until('the sweep', () => store.size === 0);
  const left = heapUsed() - before;
  assert.ok(left < held / 4, `${left} of ${held} bytes are left`);
});

for (const [when, ticks] of [
  ['before it has begun', 0],
  ['in the middle', 1],
] as const) {
  test(`sweeping stops when it is told to: ${when}`, async (t) => {
    const { store, pass } = storeWithClock();
    for (let count = 0; count < 3000; count += 1) await store.create(NOTHING);
    pass(LIVES.idleMs);
    t.mock.timers.enable({ apis: ['setInterval'] });
    const stop = sweepRegularly(store);
    // A tick brings the first step; the second is due at the next turn of the event loop.
    t.mock.timers.tick(1000 * ticks);
    const { size } = store;
    assert.ok(ticks === 0 ? size === 3000 : size < 3000 && size > 0, `${size} are left`);
    stop();
    t.mock.timers.tick(10_000);
    for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate);
    assert.equal(store.size, size);
  });
}
