import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createApp } from '../../lib/app.ts';
import { loadConfig } from '../../lib/config.ts';
import { DatabaseUnavailable } from '../../lib/db/errors.ts';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { sweepRegularly } from '../../lib/session/sweep.ts';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/process.ts';
import { heapUsed } from '../support/session-heap.ts';

const LIVES = { idleMs: 1_800_000, maxAgeMs: 28_800_000, limit: 100_000 };
const NOTHING = new Map<string, unknown>();

const fail = (error: unknown) => assert.fail(String(error));

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
  const session = await store.renew(undefined, 'user-7', NOTHING);
  for (let number = 0; number < 3000; number += 1) {
    await store.create(NOTHING);
    await store.renew(undefined, `user-${number % 40}`, NOTHING);
  }
  pass(LIVES.idleMs - 1);
  const [seen] = await store.ownedBy('user-7');
  assert.ok(seen);
  await store.load(session.id);
  await store.create(NOTHING);
  pass(1);
  atEnd(t, sweepRegularly(store, fail));
  await until('the sweep', () => store.size <= 2);
  assert.equal(store.size, 2);
  assert.deepEqual(
    (await store.ownedBy('user-7')).map(({ handle }) => handle),
    [seen.handle],
  );
});

test('sweeping goes in small steps, and lets requests in between', async (t) => {
  const { store, pass } = storeWithClock();
  for (let count = 0; count < 3000; count += 1) await store.create(NOTHING);
  pass(LIVES.idleMs);
  const events: string[] = [];
  async function sweep(most: number): Promise<number> {
    const { size } = store;
    const count = await store.sweep(most);
    events.push(size - store.size <= 500 ? 'small step' : 'big step');
    setImmediate(() => events.push('request'));
    return count;
  }
  atEnd(t, sweepRegularly({ ...store, sweep }, fail));
  await until('the sweep', () => store.size === 0 && events.at(-1) === 'request');
  const expected = events.map((_, at) => (at % 2 === 0 ? 'small step' : 'request'));
  assert.deepEqual(events, expected);
});

test('sweeping gives the memory back', async (t) => {
  const { store, pass } = storeWithClock();
  const before = heapUsed();
  for (let count = 0; count < 50_000; count += 1) {
    await store.renew(undefined, `user-${count}`, NOTHING);
  }
  const held = heapUsed() - before;
  pass(LIVES.idleMs);
  atEnd(t, sweepRegularly(store, fail));
  await until('the sweep', () => store.size === 0);
  const left = heapUsed() - before;
  assert.ok(left < held / 10, `${left} of ${held} bytes are left`);
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
    const stop = sweepRegularly(store, fail);
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

test('a store that is swept no more is let go', async () => {
  const sweptOnce = () => {
    const { store } = storeWithClock();
    sweepRegularly(store, fail)();
    return new WeakRef(store);
  };
  const store = sweptOnce();
  await new Promise(setImmediate);
  heapUsed(); // collects what nobody holds
  assert.equal(store.deref(), undefined);
});

test('a sweep that fails is told, and the next one is tried all the same', async (t) => {
  const { store, pass } = storeWithClock();
  await store.create(NOTHING);
  pass(LIVES.idleMs);
  const told: unknown[] = [];
  let tries = 0;
  async function sweep(most: number): Promise<number> {
    tries += 1;
    if (tries === 1) throw new Error('not now');
    return await store.sweep(most);
  }
  atEnd(
    t,
    sweepRegularly({ ...store, sweep }, (error) => told.push(error)),
  );
  await until('the second sweep', () => store.size === 0);
  assert.deepEqual(told, [new Error('not now')]);
});

test('a server sweeps its sessions, and no more once it is closed', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let ms = 0;
  let looked = 0;
  const now = () => {
    looked += 1;
    return ms;
  };
  const { server, drain } = createApp({
    config: loadConfig({}),
    database: await testDatabase(),
    log: { request() {}, info() {}, warnOnce() {}, error: (_, error) => fail(error) },
    staticFolder: STATIC_FOLDER,
    now,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ms += LIVES.idleMs;
  looked = 0;
  t.mock.timers.tick(1000);
  assert.ok(looked > 0, 'nobody has looked at the clock');
  const closed = once(server, 'close');
  await drain();
  await closed;
  looked = 0;
  t.mock.timers.tick(10_000);
  assert.equal(looked, 0);
});

test('a server says that sweeping went wrong; of a database that is gone it has said so already', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { store } = storeWithClock();
  const errors = [
    new DatabaseUnavailable('gone'),
    new Error('oh'),
    new DatabaseUnavailable('gone'),
  ];
  async function sweep(): Promise<number> {
    const error = errors.shift();
    if (error) throw error;
    return 0;
  }
  const { lines } = await startApp(t, { store: { ...store, sweep } });
  for (let ticks = 0; ticks < 3; ticks += 1) {
    t.mock.timers.tick(1000);
    await new Promise(setImmediate);
  }
  assert.deepEqual(errors, []);
  assert.deepEqual(lines, ['sweeping: Error: oh']);
});
