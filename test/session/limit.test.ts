import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { SessionsFull } from '../../lib/session/store.ts';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf } from '../support/http.ts';
import { type Browser, openBrowser, registerUsers } from '../support/session-browser.ts';

const LIVES = { idleMs: 1_800_000, maxAgeMs: 28_800_000 };
const NOTHING = new Map<string, unknown>();

async function exist(...browsers: Browser[]): Promise<boolean[]> {
  const found: boolean[] = [];
  for (const browser of browsers) found.push((await browser.state()).exists);
  return found;
}

test('at SESSION_LIMIT the session least recently used makes room for a new one', async (t) => {
  const { url } = await startApp(t, { config: { sessions: { ...LIVES, limit: 3 } } });
  const [one, two, three] = [openBrowser(url), openBrowser(url), openBrowser(url)];
  const four = openBrowser(url);
  for (const browser of [one, two, three]) await browser.put('a', '1');
  await one.state();
  await four.put('a', '1');
  assert.deepEqual(await exist(one, two, three, four), [true, false, true, true]);
});

describe('at SESSION_LIMIT', { skip: noDatabaseProgram }, () => {
  test('a flood of writers without cookies logs nobody out', async (t) => {
    const sessions = { ...LIVES, limit: 3 };
    const { url } = await startApp(t, { database: await testDatabase(), config: { sessions } });
    await registerUsers('ann', 'bob');
    const [ann, bob] = [openBrowser(url), openBrowser(url)];
    await ann.login('ann');
    await bob.login('bob');
    for (let count = 0; count < 20; count += 1) await openBrowser(url).put('a', '1');
    assert.deepEqual(await exist(ann, bob), [true, true]);
  });

  test('a stranger is refused, not a user logged out, when all are logged in', async (t) => {
    const sessions = { ...LIVES, limit: 2 };
    const { url } = await startApp(t, { database: await testDatabase(), config: { sessions } });
    await registerUsers('ann', 'bob');
    const [ann, bob, stranger] = [openBrowser(url), openBrowser(url), openBrowser(url)];
    await ann.login('ann');
    await bob.login('bob');
    const response = await stranger.ask('PUT', '/session/a', { value: '1' });
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(await codeOf(response), 'sessions_full');
    assert.deepEqual(await exist(ann, bob), [true, true]);
    // Who logs in has a right to a place: that of the user least recently used.
    await stranger.login('bob');
    assert.deepEqual(await exist(ann, bob, stranger), [false, true, true]);
  });
});

test('what has expired makes room before anything that lives', async () => {
  let ms = 0;
  const store = createMemoryStore({ ...LIVES, limit: 2, now: () => ms });
  await store.renew(undefined, 'ann', NOTHING);
  ms += LIVES.idleMs;
  const stranger = await store.create(NOTHING);
  await store.create(NOTHING);
  assert.ok(await store.load(stranger.id));
  assert.equal(store.size, 2);
});

test('the cap is never passed, whoever comes', async () => {
  const store = createMemoryStore({ ...LIVES, limit: 5, now: () => 0 });
  for (let count = 0; count < 50; count += 1) {
    if (count % 3 === 0) await store.renew(undefined, `user-${count}`, NOTHING);
    else await store.create(NOTHING).catch((error) => assert.ok(error instanceof SessionsFull));
    assert.ok(store.size <= 5);
  }
});

test('one user has at most 100 sessions: a further login ends the one least recently used', async () => {
  let ms = 0;
  const now = () => {
    ms += 1;
    return ms;
  };
  const store = createMemoryStore({ ...LIVES, limit: 1000, now });
  const ids: string[] = [];
  for (let count = 0; count < 100; count += 1) {
    ids.push((await store.renew(undefined, 'ann', NOTHING)).id);
  }
  const [oldest = '', second = ''] = ids;
  await store.load(oldest);
  await store.renew(undefined, 'ann', NOTHING);
  await store.renew(undefined, 'bob', NOTHING);
  assert.equal((await store.ownedBy('ann')).length, 100);
  assert.ok(await store.load(oldest));
  assert.equal(await store.load(second), undefined);
});

test('what is past its absolute life makes room, too, however lately it was used', async () => {
  let ms = 0;
  const store = createMemoryStore({ idleMs: 1000, maxAgeMs: 2000, limit: 2, now: () => ms });
  const old = await store.create(NOTHING);
  ms += 900;
  await store.load(old.id);
  const young = await store.create(NOTHING);
  ms += 900;
  await store.load(young.id);
  await store.load(old.id);
  ms += 200;
  await store.create(NOTHING);
  assert.ok(await store.load(young.id));
  assert.equal(await store.load(old.id), undefined);
});

test('a login that finds no room leaves the visitor the session that was there', async () => {
  const limits = { ...LIVES, limit: 10, maxBytes: 5000, now: () => 0 };
  const store = createMemoryStore(limits);
  const { id } = await store.create(new Map([['k', 'kept']]));
  const tooMuch = new Map([['k', 'x'.repeat(5000)]]);
  await assert.rejects(store.renew(id, 'ann', tooMuch), SessionsFull);
  assert.equal((await store.load(id))?.data.get('k'), 'kept');
});
