/**
 * What every session store does, as tests. An implementer of `SessionStore` calls `checkStore` from a
 * test file, and `node --test` runs it: `lib/README.md` shows how.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Json,
  type SessionStore,
  SessionsFull,
  SessionTooLarge,
  type Timeouts,
} from '../../lib/session/store.ts';
import { runSequence } from '../support/session-sequence.ts';
import { add, newHandle, patchOf, TIMEOUTS } from '../support/session-store.ts';

/** What a store under test is opened with. */
export interface StoreSettings extends Timeouts {
  /** How many sessions it may hold; a store without a limit ignores it. */
  readonly limit: number;
  /** The clock in ms, which the tests move on. */
  readonly now: () => number;
}

const { idleMs, absoluteMs } = TIMEOUTS;
const SEQUENCES = 50;

/**
 * Registers the tests. @param openStore opens an empty store
 * @param options `limited`: whether the store keeps to `limit`; `sweeps`: whether expired sessions
 *   stay until `sweep` deletes them
 */
export function checkStore(
  name: string,
  openStore: (settings: StoreSettings) => Promise<SessionStore>,
  { limited = true, sweeps = true } = {},
): void {
  async function open(limit = 1000) {
    let ms = 1_000_000;
    const store = await openStore({ ...TIMEOUTS, limit, now: () => ms });
    const pass = (by: number) => {
      ms += by;
    };
    return { store, pass };
  }

  describe(name, () => {
    test('a store gives back every key and value that JSON knows', async () => {
      const { store } = await open();
      const values: { [key: string]: Json } = {
        'a"b\\c.d$[0]': 'it’s "quoted" \\ and 王 😀',
        '': ['', 0, false, null, -1.5],
        nothing: null,
        '\u0001': { nested: { null: null }, list: [] },
        constructor: 'a name like any other',
      };
      const handle = await add(store, patchOf(values));
      await store.patch(handle, new Map([['__proto__', '"plain"']]));
      const record = await store.load(handle);
      assert.equal(record?.data.get('__proto__'), '"plain"');
      for (const [key, value] of Object.entries(values)) {
        assert.deepEqual(JSON.parse(record?.data.get(key) ?? ''), value, key);
      }
      assert.equal(record?.data.size, Object.keys(values).length + 1);
    });

    test('a patch replaces a value whole, deletes a key, and leaves the others', async () => {
      const { store } = await open();
      const handle = await add(store, patchOf({ a: { one: 1 }, b: 'kept', c: 'gone' }));
      assert.equal(
        await store.patch(handle, patchOf({ a: { two: 2 }, c: undefined, d: null })),
        true,
      );
      assert.deepEqual(await valuesOf(store, handle), { a: { two: 2 }, b: 'kept', d: null });
    });

    test('parallel patches of different keys lose nothing', async () => {
      const { store } = await open();
      const handle = await add(store);
      const keys = Array.from({ length: 50 }, (_, number) => `key-${number}`);
      await Promise.all(keys.map((key) => store.patch(handle, patchOf({ [key]: 1 }))));
      assert.deepEqual(Object.keys((await valuesOf(store, handle)) ?? {}).sort(), keys.sort());
    });

    test('a loaded session does not change when the store does', async () => {
      const { store } = await open();
      const handle = await add(store, patchOf({ a: 1 }));
      const record = await store.load(handle);
      await store.patch(handle, patchOf({ a: 2, b: 3 }));
      assert.deepEqual(record?.data, new Map([['a', '1']]));
    });

    test('a session holds 16 KiB; what would make it larger is refused, what makes it smaller is not', async () => {
      const { store } = await open();
      await assert.rejects(add(store, patchOf({ a: 'x'.repeat(16_384) })), SessionTooLarge);
      const handle = await add(store, patchOf({ a: 'x'.repeat(8000), b: 'x'.repeat(8000) }));
      await assert.rejects(store.patch(handle, patchOf({ c: 'x'.repeat(1000) })), SessionTooLarge);
      assert.deepEqual(Object.keys((await valuesOf(store, handle)) ?? {}).sort(), ['a', 'b']);
      assert.equal(await store.patch(handle, patchOf({ b: undefined })), true);
      assert.equal(await store.patch(handle, patchOf({ c: 'x'.repeat(1000) })), true);
      await store.destroy(handle);
      assert.equal(
        await store.patch(handle, patchOf({ c: 'x'.repeat(16_384) })),
        false,
        'it has ended',
      );
    });

    test('a regenerated session has a new handle and the data; the old handle is dead', async () => {
      const { store } = await open();
      const handle = await add(store, patchOf({ a: 1, b: 2 }));
      const [next, last] = [newHandle(), newHandle()];
      const patch = patchOf({ user: 'ann', b: undefined });
      assert.equal(await store.regenerate(handle, next, 'ann', patch), true);
      assert.equal(await store.load(handle), undefined);
      assert.equal(await store.patch(handle, patchOf({ a: 2 })), false);
      assert.deepEqual(await valuesOf(store, next), { a: 1, user: 'ann' });
      assert.equal(await store.regenerate(next, last, 'ann', patchOf()), true);
      assert.deepEqual(await valuesOf(store, last), { a: 1, user: 'ann' });
    });

    test('a session regenerated for another user holds nothing of the first', async () => {
      const { store } = await open();
      const ann = await add(store, patchOf({ a: 'ann’s' }), 'ann');
      const bob = newHandle();
      assert.equal(await store.regenerate(ann, bob, 'bob', patchOf({ b: 'bob’s' })), true);
      assert.deepEqual(await valuesOf(store, bob), { b: 'bob’s' });
      assert.equal(await store.load(ann), undefined);
      const next = newHandle();
      assert.equal(await store.regenerate(ann, next, 'ann', patchOf()), false, 'it is dead');
      assert.equal(await store.load(next), undefined);
    });

    test('a destroyed session is not brought back by a patch', async () => {
      const { store } = await open();
      const handle = await add(store, patchOf({ a: 1 }));
      assert.equal(await store.destroy(handle), true);
      assert.equal(await store.destroy(handle), false);
      assert.equal(await store.patch(handle, patchOf({ a: 2 })), false);
      assert.equal(await store.load(handle), undefined);
    });

    test('a session expires when it was idle for too long; loading it is a use, a patch is none', async () => {
      const { store, pass } = await open();
      const handle = await add(store, patchOf({ a: 1 }));
      pass(idleMs - 1);
      assert.ok(await store.load(handle));
      pass(idleMs - 1);
      assert.equal(await store.patch(handle, patchOf({ a: 2 })), true);
      pass(1);
      assert.equal(await store.load(handle), undefined);
      assert.equal(await store.patch(handle, patchOf({ a: 3 })), false);
      assert.equal(await store.destroy(handle), false);
    });

    test('a session expires at its absolute age, however lately it was used', async () => {
      const { store, pass } = await open();
      const handle = await add(store);
      for (let age = idleMs - 1; age < absoluteMs; age += idleMs - 1) {
        pass(idleMs - 1);
        assert.ok(await store.load(handle));
      }
      pass(idleMs - 1);
      assert.equal(await store.load(handle), undefined);
    });

    test('an owner’s live sessions are listed, oldest first, and destroyed one by one', async () => {
      const { store, pass } = await open();
      const all: string[] = [];
      for (const owner of ['ann', 'bob', 'ann', 'ann']) {
        all.push(await add(store, patchOf(), owner));
        pass(1);
      }
      const [first = '', bobs = '', second = '', third = ''] = all;
      await store.load(first);
      const handles = async () => (await store.ownedBy('ann')).map(({ handle }) => handle);
      assert.deepEqual(await handles(), [first, second, third]);
      assert.equal(await store.destroy(second), true);
      assert.equal(await store.destroy(second), false);
      assert.deepEqual(await handles(), [first, third]);
      assert.ok(await store.load(bobs));
      pass(idleMs);
      assert.deepEqual(await handles(), []);
    });

    test('expired sessions are deleted, as many at once as asked for, and no live one', {
      skip: !sweeps,
    }, async () => {
      const { store, pass } = await open();
      for (let count = 0; count < 3; count += 1) {
        await add(store);
        await add(store, patchOf(), 'ann');
      }
      pass(idleMs);
      const handle = await add(store, patchOf({ a: 1 }));
      assert.equal(await store.sweep(4), 4);
      assert.equal(await store.sweep(4), 2);
      assert.equal(await store.sweep(4), 0);
      assert.deepEqual(await valuesOf(store, handle), { a: 1 });
    });

    test('a session of 100 keys and one of 16 KiB come back whole', async () => {
      const { store } = await open();
      const keys = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`key-${at}`, at]));
      assert.deepEqual(await valuesOf(store, await add(store, patchOf(keys))), keys);
      const text = { text: '王'.repeat(5000) };
      assert.deepEqual(await valuesOf(store, await add(store, patchOf(text))), text);
    });

    test(`${SEQUENCES} random sequences of requests end as a small model says`, async () => {
      for (let seed = 1; seed <= SEQUENCES; seed += 1) await runSequence(seed, openStore, limited);
    });

    test('at its limit the anonymous session least recently used is evicted', {
      skip: !limited,
    }, async () => {
      const { store } = await open(3);
      const user = await add(store, patchOf(), 'ann');
      const [first, second] = [await add(store), await add(store)];
      await store.load(first);
      await add(store);
      const found = await Promise.all([user, first, second].map((handle) => store.load(handle)));
      assert.deepEqual(found.map(Boolean), [true, true, false]);
    });

    test('full of users it refuses a visitor, and evicts for a user', {
      skip: !limited,
    }, async () => {
      const { store } = await open(2);
      const [ann, bob] = [await add(store, patchOf(), 'ann'), await add(store, patchOf(), 'bob')];
      await assert.rejects(add(store), SessionsFull);
      await add(store, patchOf(), 'cat');
      assert.equal(await store.load(ann), undefined);
      assert.ok(await store.load(bob));
    });
  });
}

/** The values that a store holds for a handle, `undefined` when there is no session. */
async function valuesOf(store: SessionStore, handle: string) {
  const record = await store.load(handle);
  return (
    record && Object.fromEntries(Array.from(record.data, ([key, text]) => [key, JSON.parse(text)]))
  );
}
