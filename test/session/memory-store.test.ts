/**
 * What sessions hold is bounded as well as how many there are: visitors decide what they put in.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { handleOf, SessionsFull, type Stored as Whole } from '../../lib/session/store.ts';

/** All that a store says of a session that it has made. */
type Stored = Pick<Whole, 'id'>;

import { createRandom } from '../support/session-random.ts';

const LIVES = { idleMs: 1_800_000, maxAgeMs: 28_800_000, limit: 1000 };
/** Room for ten sessions with a value of 950 letters, and for no eleventh. */
const MAX_BYTES = 26_000;

const large = (key = 'k') => new Map([[key, 'x'.repeat(950)]]);

function startStore() {
  let ms = 0;
  const store = createMemoryStore({ ...LIVES, maxBytes: MAX_BYTES, now: () => ms });
  const alive = async (sessions: readonly Stored[]) => {
    const found = await Promise.all(sessions.map(({ id }) => store.load(id)));
    return found.map((session) => session !== undefined);
  };
  return {
    store,
    alive,
    pass: (by: number) => {
      ms += by;
    },
    /** Strangers' sessions with a large value each. */
    fill: (count: number) =>
      Promise.all(Array.from({ length: count }, () => store.create(large()))),
  };
}

test('when sessions hold too much, the stranger’s least recently used makes room', async () => {
  const { store, fill, alive } = startStore();
  const [first, second, ...others] = await fill(10);
  assert.ok(first && second);
  await store.load(first.id);
  assert.equal(store.size, 10);
  await store.create(large());
  assert.equal(store.size, 10);
  assert.deepEqual(await alive([first, second]), [true, false]);
  assert.ok((await alive(others)).every(Boolean));
});

test('a session that grows makes room for itself, and does not go itself', async () => {
  const { store, fill, alive } = startStore();
  const sessions = await fill(10);
  const [first, second] = sessions;
  assert.ok(first && second);
  assert.equal(await store.save(first.id, large('another')), true);
  assert.deepEqual(await alive([first, second]), [true, false]);
  for (let number = 0; number < 10; number += 1)
    await store.save(first.id, large(`more-${number}`));
  assert.equal(store.size, 1);
  // Now nobody else is left to go.
  await assert.rejects(store.save(first.id, large('too much')), SessionsFull);
  assert.equal((await store.load(first.id))?.data.size, 12);
});

test('a write that is refused ends nobody’s session', async () => {
  const { store, alive } = startStore();
  const small = new Map([['k', 'small']]);
  const others: Stored[] = [];
  for (let number = 0; number < 9; number += 1) {
    others.push(await store.renew(undefined, `user-${number}`, large()));
  }
  for (let number = 0; number < 3; number += 1) others.push(await store.create(small));
  const writer = await store.create(small);
  const tooMuch = new Map([['k', 'x'.repeat(3000)]]);
  await assert.rejects(store.save(writer.id, tooMuch), SessionsFull);
  await assert.rejects(store.create(tooMuch), SessionsFull);
  assert.ok((await alive([...others, writer])).every(Boolean));
});

test('what one user’s sessions hold ends that user’s other sessions, not other users’', async () => {
  const store = createMemoryStore({ ...LIVES, maxBytes: 1000 * 5500, now: () => 0 });
  const anns: Stored[] = [];
  for (let number = 0; number < 20; number += 1) {
    anns.push(await store.renew(undefined, 'ann', large()));
    await store.renew(undefined, 'bob', new Map([['k', 'small']]));
  }
  const handles = async (owner: string) => (await store.ownedBy(owner)).map(({ handle }) => handle);
  const [one, two] = anns.slice(-2).map(({ id }) => id);
  assert.ok(one && two);
  assert.deepEqual(await handles('ann'), [handleOf(one), handleOf(two)]);
  assert.equal((await handles('bob')).length, 8);
  // The one that grows is not the one to go, and may be larger than the share.
  await store.save(one, new Map([['k', 'x'.repeat(4000)]]));
  assert.deepEqual(await handles('ann'), [handleOf(one)]);
});

test('sessions that hold nothing take room, too', async () => {
  const store = createMemoryStore({ ...LIVES, maxBytes: MAX_BYTES, now: () => 0 });
  for (let number = 0; number < 1000; number += 1) await store.create(new Map());
  assert.ok(store.size > 25 && store.size < 100, `${store.size} sessions`);
});

test('a stranger who writes too much logs nobody out', async () => {
  const { store, fill, alive } = startStore();
  const users: Stored[] = [];
  for (let number = 0; number < 9; number += 1) {
    users.push(await store.renew(undefined, `user-${number}`, large()));
  }
  const [stranger] = await fill(1);
  assert.ok(stranger);
  await assert.rejects(store.save(stranger.id, large('more')), SessionsFull);
  assert.ok((await alive([...users, stranger])).every(Boolean));
  // A user's write has a right to a place: the stranger's, and then that of the user least recently
  // used.
  const [first, second, ...others] = users;
  assert.ok(first && second);
  await store.load(first.id);
  assert.equal(await store.save(first.id, large('more')), true);
  assert.equal(await store.save(first.id, large('and more')), true);
  assert.deepEqual(await alive([stranger, first, second]), [false, true, false]);
  assert.ok((await alive(others)).every(Boolean));
});

const waysBack: [how: string, (store: ReturnType<typeof startStore>, all: Stored[]) => unknown][] =
  [
    ['ended', ({ store }, all) => Promise.all(all.map(({ id }) => store.end(id)))],
    [
      'emptied',
      ({ store }, all) => all.map(({ id }) => store.save(id, new Map([['k', undefined]]))),
    ],
    [
      'overwritten',
      ({ store }, all) => all.map(({ id }) => store.save(id, new Map([['k', 'small']]))),
    ],
    ['become too old', ({ pass }) => pass(LIVES.idleMs)],
    [
      'swept away',
      ({ store, pass }) => {
        pass(LIVES.idleMs);
        return store.sweep(100);
      },
    ],
  ];
for (const [how, giveBack] of waysBack) {
  test(`what sessions hold that were ${how} is given back`, async () => {
    const started = startStore();
    await giveBack(started, await started.fill(10));
    const others = await started.fill(9);
    assert.ok((await started.alive(others)).every(Boolean));
  });
}

test('after whatever happened, all of the room is there again', async () => {
  const { store, fill, alive } = startStore();
  const random = createRandom(20_261_125);
  const ids: string[] = [];
  for (let step = 0; step < 5000; step += 1) {
    const id = ids[random(ids.length + 1)] ?? '';
    const value = random(4) === 0 ? undefined : 'x'.repeat(random(800));
    const changes = new Map<string, unknown>([[`k${random(5)}`, value]]);
    const what = random(10);
    try {
      if (what < 3) ids.push((await store.create(changes)).id);
      else if (what < 5) ids.push((await store.renew(id, `user-${random(3)}`, changes)).id);
      else if (what < 9) await store.save(id, changes);
      else await store.end(id);
    } catch (error) {
      assert.ok(error instanceof SessionsFull);
    }
  }
  for (const id of ids) await store.end(id);
  assert.equal(store.size, 0);
  const sessions = await fill(10);
  assert.ok((await alive(sessions)).every(Boolean), 'there is less room than before');
  await fill(1);
  assert.equal(store.size, 10, 'there is more room than before');
});

test('what an object weighs is counted once, whoever changes it later', async () => {
  const { store, fill } = startStore();
  const items = ['x'.repeat(950)];
  const { id } = await store.create(new Map([['cart', items]]));
  items.length = 0;
  await store.save(id, new Map([['cart', undefined]]));
  await store.end(id);
  await fill(11);
  assert.equal(store.size, 10);
});
