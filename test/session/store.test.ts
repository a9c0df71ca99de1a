/**
 * What every session store does. Run on the store in memory here, and on the one in the database by
 * `test/db/session-store.test.ts`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handleOf, type Json, SessionTooLarge } from '../../lib/session/store.ts';
import { createTestStore, patchOf, TIMEOUTS } from '../support/session-store.ts';

const { idleMs, absoluteMs } = TIMEOUTS;

async function open() {
  let ms = 1_000_000;
  const store = await createTestStore({ ...TIMEOUTS, limit: 1000, now: () => ms });
  const pass = (by: number) => {
    ms += by;
  };
  return { store, pass };
}

/** The values that a store holds for an id, `undefined` when there is no session. */
async function valuesOf(store: Awaited<ReturnType<typeof open>>['store'], id: string) {
  const record = await store.load(id);
  return (
    record && Object.fromEntries(Array.from(record.data, ([key, text]) => [key, JSON.parse(text)]))
  );
}

test('a store gives back every key and value that JSON knows', async () => {
  const { store } = await open();
  const values: { [key: string]: Json } = {
    'a"b\\c.d$[0]': 'it’s "quoted" \\ and 王 😀',
    '': ['', 0, false, null, -1.5],
    nothing: null,
    '\u0001': { nested: { null: null }, list: [] },
    constructor: 'a name like any other',
  };
  const { id } = await store.create(patchOf(values));
  await store.patch(id, new Map([['__proto__', '"plain"']]));
  const record = await store.load(id);
  assert.equal(record?.data.get('__proto__'), '"plain"');
  for (const [key, value] of Object.entries(values)) {
    assert.deepEqual(JSON.parse(record?.data.get(key) ?? ''), value, key);
  }
  assert.equal(record?.data.size, Object.keys(values).length + 1);
});

test('a patch replaces a value whole, deletes a key, and leaves the others', async () => {
  const { store } = await open();
  const { id } = await store.create(patchOf({ a: { one: 1 }, b: 'kept', c: 'gone' }));
  assert.equal(await store.patch(id, patchOf({ a: { two: 2 }, c: undefined, d: null })), true);
  assert.deepEqual(await valuesOf(store, id), { a: { two: 2 }, b: 'kept', d: null });
});

test('parallel patches of different keys lose nothing', async () => {
  const { store } = await open();
  const { id } = await store.create(patchOf());
  const keys = Array.from({ length: 50 }, (_, number) => `key-${number}`);
  await Promise.all(keys.map((key) => store.patch(id, patchOf({ [key]: 1 }))));
  assert.deepEqual(Object.keys((await valuesOf(store, id)) ?? {}).sort(), keys.sort());
});

test('a loaded session does not change when the store does', async () => {
  const { store } = await open();
  const { id } = await store.create(patchOf({ a: 1 }));
  const record = await store.load(id);
  await store.patch(id, patchOf({ a: 2, b: 3 }));
  assert.deepEqual(record?.data, new Map([['a', '1']]));
});

test('a session holds 16 KiB; what would make it larger is refused, what makes it smaller is not', async () => {
  const { store } = await open();
  await assert.rejects(store.create(patchOf({ a: 'x'.repeat(16_384) })), SessionTooLarge);
  const { id } = await store.create(patchOf({ a: 'x'.repeat(8000), b: 'x'.repeat(8000) }));
  await assert.rejects(store.patch(id, patchOf({ c: 'x'.repeat(1000) })), SessionTooLarge);
  assert.deepEqual(Object.keys((await valuesOf(store, id)) ?? {}).sort(), ['a', 'b']);
  assert.equal(await store.patch(id, patchOf({ b: undefined })), true);
  assert.equal(await store.patch(id, patchOf({ c: 'x'.repeat(1000) })), true);
  await store.destroy(id);
  assert.equal(await store.patch(id, patchOf({ c: 'x'.repeat(16_384) })), false, 'it has ended');
});

test('a regenerated session has a new id and the data; the old id is dead', async () => {
  const { store } = await open();
  const { id } = await store.create(patchOf({ a: 1, b: 2 }));
  const login = await store.regenerate(id, 'ann', patchOf({ user: 'ann', b: undefined }));
  assert.notEqual(login.id, id);
  assert.equal(await store.load(id), undefined);
  assert.equal(await store.patch(id, patchOf({ a: 2 })), false);
  assert.deepEqual(await valuesOf(store, login.id), { a: 1, user: 'ann' });
  const again = await store.regenerate(login.id, 'ann', patchOf());
  assert.deepEqual(await valuesOf(store, again.id), { a: 1, user: 'ann' });
});

test('a session regenerated for another user holds nothing of the first', async () => {
  const { store } = await open();
  const ann = await store.regenerate(undefined, 'ann', patchOf({ a: 'ann’s' }));
  const bob = await store.regenerate(ann.id, 'bob', patchOf({ b: 'bob’s' }));
  assert.deepEqual(await valuesOf(store, bob.id), { b: 'bob’s' });
  assert.equal(await store.load(ann.id), undefined);
  const dead = await store.regenerate(ann.id, 'ann', patchOf());
  assert.deepEqual(await valuesOf(store, dead.id), {}, 'a dead id leaves nothing');
});

test('a destroyed session is not brought back by a patch', async () => {
  const { store } = await open();
  const { id } = await store.create(patchOf({ a: 1 }));
  assert.equal(await store.destroy(id), true);
  assert.equal(await store.destroy(id), false);
  assert.equal(await store.patch(id, patchOf({ a: 2 })), false);
  assert.equal(await store.load(id), undefined);
});

test('a session expires when it was idle for too long; loading it is a use, a patch is none', async () => {
  const { store, pass } = await open();
  const { id } = await store.create(patchOf({ a: 1 }));
  pass(idleMs - 1);
  assert.ok(await store.load(id));
  pass(idleMs - 1);
  assert.equal(await store.patch(id, patchOf({ a: 2 })), true);
  pass(1);
  assert.equal(await store.load(id), undefined);
  assert.equal(await store.patch(id, patchOf({ a: 3 })), false);
  assert.equal(await store.destroy(id), false);
});

test('a session expires at its absolute age, however lately it was used', async () => {
  const { store, pass } = await open();
  const { id } = await store.create(patchOf());
  for (let age = idleMs - 1; age < absoluteMs; age += idleMs - 1) {
    pass(idleMs - 1);
    assert.ok(await store.load(id));
  }
  pass(idleMs - 1);
  assert.equal(await store.load(id), undefined);
});

test('an owner’s live sessions are listed, oldest first, and destroyed one by one', async () => {
  const { store, pass } = await open();
  const ids: string[] = [];
  for (const owner of ['ann', 'bob', 'ann', 'ann']) {
    ids.push((await store.regenerate(undefined, owner, patchOf())).id);
    pass(1);
  }
  const [first = '', bobs = '', second = '', third = ''] = ids;
  await store.load(first);
  const handles = async () => (await store.ownedBy('ann')).map(({ handle }) => handle);
  assert.deepEqual(await handles(), [first, second, third].map(handleOf));
  assert.equal(await store.destroyOwned('ann', handleOf(bobs)), false, 'another user’s');
  assert.equal(await store.destroyOwned('ann', handleOf(second)), true);
  assert.equal(await store.destroyOwned('ann', handleOf(second)), false);
  assert.deepEqual(await handles(), [first, third].map(handleOf));
  assert.ok(await store.load(bobs));
  pass(idleMs);
  assert.deepEqual(await handles(), []);
});

test('expired sessions are deleted, as many at once as asked for, and no live one', async () => {
  const { store, pass } = await open();
  for (let count = 0; count < 3; count += 1) {
    await store.create(patchOf());
    await store.regenerate(undefined, 'ann', patchOf());
  }
  pass(idleMs);
  const { id } = await store.create(patchOf({ a: 1 }));
  assert.equal(await store.sweep(4), 4);
  assert.equal(await store.sweep(4), 2);
  assert.equal(await store.sweep(4), 0);
  assert.deepEqual(await valuesOf(store, id), { a: 1 });
});
