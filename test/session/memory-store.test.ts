/**
 * SESSION_LIMIT and the share of one user, which the store in memory keeps to.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { SessionsFull } from '../../lib/session/store.ts';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf } from '../support/http.ts';
import { type Browser, openBrowser, registerUsers } from '../support/session-browser.ts';
import { heapUsed } from '../support/session-heap.ts';
import { add, patchOf, TIMEOUTS } from '../support/session-store.ts';

async function exist(...browsers: Browser[]): Promise<boolean[]> {
  const found: boolean[] = [];
  for (const browser of browsers) found.push((await browser.state()).exists);
  return found;
}

/** A server whose store holds `limit` sessions. */
async function limited(t: Parameters<typeof startApp>[0], limit: number, options = {}) {
  const store = createMemoryStore({ ...TIMEOUTS, limit });
  return startApp(t, { ...options, store });
}

test('at SESSION_LIMIT the session least recently used is evicted for a new one', async (t) => {
  const { url } = await limited(t, 3);
  const [one, two, three] = [openBrowser(url), openBrowser(url), openBrowser(url)];
  const four = openBrowser(url);
  for (const browser of [one, two, three]) await browser.put('a', '1');
  await one.state();
  await four.put('a', '1');
  assert.deepEqual(await exist(one, two, three, four), [true, false, true, true]);
});

describe('at SESSION_LIMIT', { skip: noDatabaseProgram }, () => {
  test('a flood of writers without cookies logs no user out', async (t) => {
    const { url } = await limited(t, 3, { database: await testDatabase() });
    await registerUsers('ann', 'bob');
    const [ann, bob] = [openBrowser(url), openBrowser(url)];
    await ann.login('ann');
    await bob.login('bob');
    for (let count = 0; count < 20; count += 1) await openBrowser(url).put('a', '1');
    assert.deepEqual(await exist(ann, bob), [true, true]);
  });

  test('an anonymous visitor is refused, not a user logged out, when all are logged in', async (t) => {
    const { url } = await limited(t, 2, { database: await testDatabase() });
    await registerUsers('ann', 'bob');
    const [ann, bob, visitor] = [openBrowser(url), openBrowser(url), openBrowser(url)];
    await ann.login('ann');
    await bob.login('bob');
    const response = await visitor.ask('PUT', '/session/a', { value: '1' });
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(await codeOf(response), 'sessions_full');
    assert.deepEqual(await exist(ann, bob), [true, true]);
    // A login evicts the user's session that was least recently used.
    await visitor.login('bob');
    assert.deepEqual(await exist(ann, bob, visitor), [false, true, true]);
  });
});

test('an expired session is evicted before a live one', async () => {
  let ms = 0;
  const store = createMemoryStore({ ...TIMEOUTS, limit: 2, now: () => ms });
  await add(store, patchOf(), 'ann');
  ms += TIMEOUTS.idleMs;
  const handle = await add(store);
  await add(store);
  assert.ok(await store.load(handle));
  assert.equal(store.size, 2);
});

test('the limit is never passed', async () => {
  const store = createMemoryStore({ ...TIMEOUTS, limit: 5, now: () => 0 });
  for (let count = 0; count < 50; count += 1) {
    if (count % 3 === 0) await add(store, patchOf(), `user-${count}`);
    else await add(store).catch((error) => assert.ok(error instanceof SessionsFull));
    assert.ok(store.size <= 5);
  }
});

test('one user has at most 100 sessions: a further login evicts the one least recently used', async () => {
  let ms = 0;
  const now = () => {
    ms += 1;
    return ms;
  };
  const store = createMemoryStore({ ...TIMEOUTS, limit: 1000, now });
  const handles: string[] = [];
  for (let count = 0; count < 100; count += 1) {
    handles.push(await add(store, patchOf(), 'ann'));
  }
  const [oldest = '', second = ''] = handles;
  await store.load(oldest);
  await add(store, patchOf(), 'ann');
  await add(store, patchOf(), 'bob');
  assert.equal((await store.ownedBy('ann')).length, 100);
  assert.ok(await store.load(oldest));
  assert.equal(await store.load(second), undefined);
});

test('what a swept session held is free memory again', async () => {
  let ms = 0;
  const store = createMemoryStore({ ...TIMEOUTS, limit: 10_000, now: () => ms });
  const before = heapUsed();
  for (let count = 0; count < 1000; count += 1)
    await add(store, patchOf({ a: `${count}`.repeat(2000) }));
  assert.ok(heapUsed() - before > 2_000_000);
  ms += TIMEOUTS.idleMs;
  await store.sweep(10_000);
  assert.equal(store.size, 0);
  assert.ok(heapUsed() - before < 1_000_000);
});
