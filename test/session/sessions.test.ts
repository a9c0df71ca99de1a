/**
 * What a handler holds, and what becomes of it: the session layer with its cookie, without HTTP.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createApp } from '../../lib/app.ts';
import { loadConfig } from '../../lib/config.ts';
import { DatabaseUnavailable } from '../../lib/db/errors.ts';
import { createSessionCookie } from '../../lib/session/cookie.ts';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { createSessions } from '../../lib/session/sessions.ts';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { add, TIMEOUTS } from '../support/session-store.ts';

interface Data {
  cart: readonly string[];
  level: string;
}

const cookie = createSessionCookie(['k'.repeat(32)]);
const fail = (error: unknown) => assert.fail(String(error));

/** One browser: each `visit` opens its session, and closes it when the handler is done. */
function openVisits() {
  const store = createMemoryStore({ ...TIMEOUTS, limit: 10, now: () => 0 });
  const sessions = createSessions<Data>(store, cookie);
  let header = '';
  const open = () => sessions.open(header, false);
  async function visit<T>(handler: (session: Awaited<ReturnType<typeof open>>['session']) => T) {
    const opened = await open();
    const result = handler(opened.session);
    const [setCookie] = await opened.close();
    if (setCookie !== undefined) header = setCookie.split(';', 1)[0] ?? '';
    return result;
  }
  return { open, visit };
}

test('a handler reads what the session held and what it has itself changed', async () => {
  const { visit } = openVisits();
  await visit((session) => {
    assert.equal(session.get('level'), undefined);
    session.set('level', 'user');
    assert.equal(session.get('level'), 'user');
    assert.equal(session.has('level'), true);
    assert.equal(session.exists, false);
  });
  await visit((session) => {
    assert.equal(session.exists, true);
    session.set('cart', ['tea']);
    assert.deepEqual(session.entries(), [
      ['cart', ['tea']],
      ['level', 'user'],
    ]);
    assert.equal(session.delete('level'), true);
    assert.equal(session.delete('level'), false);
    assert.equal(session.has('level'), false);
    assert.equal(session.get('level'), undefined);
    assert.deepEqual(session.entries(), [['cart', ['tea']]]);
  });
  await visit((session) => assert.deepEqual(session.entries(), [['cart', ['tea']]]));
});

test('to delete what is not there changes nothing, and creates no session', async () => {
  const { visit } = openVisits();
  await visit((session) => assert.equal(session.delete('level'), false));
  await visit((session) => assert.equal(session.exists, false));
});

test('a handler that fails, and so never comes to `close`, has changed nothing', async () => {
  const { open, visit } = openVisits();
  await visit((session) => session.set('level', 'user'));
  const { session } = await open();
  session.set('level', 'admin');
  session.regenerate('ann');
  await visit((later) => assert.equal(later.get('level'), 'user'));
});

test('a handler sees the session as it was when its request came, and its own changes', async () => {
  const { open, visit } = openVisits();
  await visit((session) => session.set('level', 'user'));
  const { session, close } = await open();
  await visit((other) => {
    other.set('level', 'admin');
    other.set('cart', ['tea']);
  });
  session.set('cart', ['milk']);
  assert.deepEqual(Object.fromEntries(session.entries()), { level: 'user', cart: ['milk'] });
  await close();
  await visit((later) => {
    assert.deepEqual(Object.fromEntries(later.entries()), { level: 'admin', cart: ['milk'] });
  });
});

test('a value is copied on its way in and out: only `set` changes the session', async () => {
  const { visit } = openVisits();
  const cart = ['tea'];
  await visit((session) => session.set('cart', cart));
  cart.push('milk');
  await visit((session) => {
    const held: unknown = session.get('cart');
    assert.ok(Array.isArray(held));
    held.push('sugar');
    assert.deepEqual(session.get('cart'), ['tea']);
    assert.deepEqual(session.entries(), [['cart', ['tea']]]);
  });
});

test('from `regenerate` on, a handler sees nothing that was another user’s', async () => {
  const { visit } = openVisits();
  await visit((session) => session.set('level', 'visitor'));
  await visit((session) => {
    session.regenerate('ann');
    assert.equal(session.get('level'), 'visitor');
  });
  await visit((session) => {
    assert.equal(session.get('level'), 'visitor');
    session.regenerate('bob');
    assert.equal(session.get('level'), undefined);
    assert.deepEqual(session.entries(), []);
    session.set('level', 'bob');
  });
  await visit((session) => assert.deepEqual(session.entries(), [['level', 'bob']]));
});

test('a handler’s keys and values are typed, and are JSON', async () => {
  const { visit } = openVisits();
  await visit((session) => {
    // @ts-expect-error a level is text
    session.set('level', 1);
    // @ts-expect-error this key is not declared
    session.get('lever');
    // @ts-expect-error undefined is what `delete` is for
    assert.throws(() => session.set('level', undefined), TypeError);
  });
  // @ts-expect-error a Date would come back as text
  createSessions<{ at: Date }>(createMemoryStore({ ...TIMEOUTS, limit: 1 }), cookie);
});

test('expired sessions are deleted batch by batch, with time for requests in between', async () => {
  let ms = 0;
  const store = createMemoryStore({ ...TIMEOUTS, limit: 10_000, now: () => ms });
  for (let count = 0; count < 3000; count += 1) await add(store);
  ms += TIMEOUTS.idleMs;
  let largest = 0;
  let requests = 0;
  async function sweep(max: number): Promise<number> {
    const count = await store.sweep(max);
    largest = Math.max(largest, count);
    setImmediate(() => {
      requests += 1;
    });
    return count;
  }
  const sessions = createSessions<Data>({ ...store, sweep }, cookie);
  await Promise.all([sessions.sweep(), sessions.sweep()]);
  assert.equal(store.size, 0);
  assert.ok(largest <= 500, `${largest} at once`);
  assert.ok(requests > 5);
});

test('a server sweeps its sessions, and no more once it is closed', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const memory = createMemoryStore({ ...TIMEOUTS, limit: 10 });
  let swept = 0;
  async function sweep(): Promise<number> {
    swept += 1;
    return 0;
  }
  const store = { ...memory, sweep };
  const { server, drain } = createApp({
    config: loadConfig({}),
    database: await testDatabase(),
    log: { request() {}, info() {}, warnOnce() {}, error: (_, error) => fail(error) },
    staticFolder: STATIC_FOLDER,
    store,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.mock.timers.tick(1000);
  assert.equal(swept, 1);
  const closed = once(server, 'close');
  await drain();
  await closed;
  t.mock.timers.tick(10_000);
  assert.equal(swept, 1);
});

test('a sweep that takes longer than the interval has the store to itself', async () => {
  const memory = createMemoryStore({ ...TIMEOUTS, limit: 10 });
  let begun = 0;
  let isFailing = true;
  async function sweep(): Promise<number> {
    begun += 1;
    await new Promise(setImmediate);
    if (isFailing) throw new DatabaseUnavailable('gone');
    return 0;
  }
  const sessions = createSessions<Data>({ ...memory, sweep }, cookie);
  const first = sessions.sweep();
  await sessions.sweep();
  assert.equal(begun, 1);
  await assert.rejects(first, DatabaseUnavailable);
  isFailing = false;
  await sessions.sweep();
  assert.equal(begun, 2, 'it is tried again');
});

test('a failed sweep is logged, unless the database has gone, and tried again', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const memory = createMemoryStore({ ...TIMEOUTS, limit: 10 });
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
  const { lines } = await startApp(t, { store: { ...memory, sweep } });
  for (let ticks = 0; ticks < 3; ticks += 1) {
    t.mock.timers.tick(1000);
    await new Promise(setImmediate);
  }
  assert.deepEqual(errors, []);
  assert.deepEqual(lines, ['sweeping: Error: oh']);
});
