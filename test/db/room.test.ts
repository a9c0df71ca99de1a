/**
 * Sessions in the database under pressure: who makes room, for how many at once, and what becomes
 * of a session when another's statement fails.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Database } from '../../lib/db/queries.ts';
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { SessionsFull } from '../../lib/session/store.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { emptyStore, LIVES, NOTHING } from '../support/database-store.ts';
import { openAt, tcpServer } from '../support/fault-database.ts';

const of = (value: unknown) => new Map([['k', value]]);

async function countOf(database: Database): Promise<unknown> {
  return (await database.select('SELECT COUNT(*) AS n FROM sessions', []))[0]?.n;
}

/** So many sessions, in the order of their use. */
async function fill(database: Database, many: number, owner: string | null = null): Promise<void> {
  const rows = Array.from({ length: many }, (_, at) => {
    const name = owner === null ? 'NULL' : `'${owner}'`;
    return `('${owner}-${at}', ${name}, '{}', ${at}, ${at}, ${database.now()} + 600000)`;
  });
  const columns = 'id, owner, data, created_at, seen_at, expires_at';
  await database.update(`INSERT INTO sessions (${columns}) VALUES ${rows.join(', ')}`, []);
}

describe('sessions in the database', { skip: noDatabaseProgram }, () => {
  test('at the limit, wait for nobody but the one that makes room', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const database = openAt(t, server.url());
    await database.select('SELECT 1', []);
    await fill(database, 2000);
    const other = await server.connect();
    await other.query(`USE ajax; BEGIN; UPDATE sessions SET data = '[]' WHERE id = 'null-1999'`);
    const store = createDatabaseStore({ ...LIVES, limit: 2000, database });
    await store.create(NOTHING);
    assert.equal(await countOf(database), 2000);
    const [first] = await database.select("SELECT 1 FROM sessions WHERE id = 'null-0'", []);
    assert.equal(first, undefined);
  });

  test('make room for 64 who come at once, for each once', async () => {
    const { store, database } = await emptyStore({ limit: 200 });
    await fill(database, 180);
    await Promise.all(Array.from({ length: 64 }, () => store.create(NOTHING)));
    assert.equal(await countOf(database), 200);
    await Promise.all(Array.from({ length: 64 }, () => store.create(NOTHING)));
    assert.equal(await countOf(database), 200);
  });

  test('come back to the limit from above it, without an end of those who are new', async () => {
    const { database } = await emptyStore();
    await fill(database, 300);
    const two = [1, 2].map(() => createDatabaseStore({ ...LIVES, limit: 250, database }));
    const made = two.flatMap((store) => Array.from({ length: 20 }, () => store.create(NOTHING)));
    const ids = (await Promise.all(made)).map(({ id }) => id);
    assert.ok(Number(await countOf(database)) >= 200, `${await countOf(database)} are left`);
    for (const id of ids) assert.ok(await two[0]?.load(id));
  });

  test('are kept when there is no room for a login: the earlier one lives on', async () => {
    const { store, database } = await emptyStore({ limit: 2 });
    const { id } = await store.renew(undefined, 'ann', of(1));
    const insert = /^INSERT/;
    const broken: Database['update'] = async (sql, values) => {
      if (insert.test(sql)) throw new SessionsFull('no room at all');
      return database.update(sql, values);
    };
    const full = createDatabaseStore({ ...LIVES, database: { ...database, update: broken } });
    await assert.rejects(full.renew(undefined, 'bob', NOTHING), SessionsFull);
    const { id: newId } = await full.renew(id, 'bob', of(2));
    assert.equal(await store.load(id), undefined, 'the old id is dead');
    const stored = await store.load(newId);
    assert.equal(stored?.owner, 'bob');
    assert.deepEqual(stored?.data, of(2), 'nothing of another user’s comes along');
  });

  test('of a login stand, also when an owner’s share cannot be looked at', async () => {
    const { store, database } = await emptyStore();
    const { id } = await store.create(of(1));
    const select: Database['select'] = async () => {
      throw new Error('gone');
    };
    const blind = createDatabaseStore({ ...LIVES, database: { ...database, select } });
    const { id: newId } = await blind.renew(id, 'ann', NOTHING);
    assert.deepEqual((await store.load(newId))?.data, of(1));
  });

  test('a user’s 100 stay 100 when 20 logins come at once, and those 20 are among them', async () => {
    const { store, database } = await emptyStore();
    await fill(database, 100, 'ann');
    const made = Array.from({ length: 20 }, () => store.renew(undefined, 'ann', NOTHING));
    for (const { id } of await Promise.all(made)) assert.ok(await store.load(id));
    assert.equal((await store.ownedBy('ann')).length, 100);
  });

  test('a write is done once: not again because another’s session of the same turn has ended', async () => {
    const { store, database } = await emptyStore();
    const [alive, dead] = [await store.create(NOTHING), await store.create(NOTHING)];
    await store.end(dead.id);
    let isFirst = true;
    const update: Database['update'] = async (sql, values) => {
      const met = await database.update(sql, values);
      if (isFirst) {
        isFirst = false;
        assert.equal(await store.save(alive.id, of('later')), true);
      }
      return met;
    };
    const slow = createDatabaseStore({ ...LIVES, database: { ...database, update } });
    const saves = [slow.save(alive.id, of('sooner')), slow.save(dead.id, of('x'))];
    assert.deepEqual(await Promise.all(saves), [true, false]);
    assert.deepEqual((await store.load(alive.id))?.data, of('later'));
  });

  test('a value that cannot be stored fails its own write alone', async () => {
    const { store } = await emptyStore();
    const [one, other] = [await store.create(NOTHING), await store.create(NOTHING)];
    const [failed, stored] = await Promise.allSettled([
      store.save(one.id, of(1n)),
      store.save(other.id, of('fine')),
    ]);
    assert.equal(failed.status, 'rejected');
    assert.deepEqual(stored, { status: 'fulfilled', value: true });
    assert.deepEqual((await store.load(other.id))?.data, of('fine'));
  });

  test('are swept no more by a process that could not renew its lease', async (t) => {
    let ms = 0;
    const { database } = await emptyStore({ clock: () => ms });
    let isBroken = false;
    const update: Database['update'] = async (sql, values) => {
      if (isBroken && /^UPDATE leases/.test(sql)) throw new Error('gone');
      return database.update(sql, values);
    };
    const store = createDatabaseStore({ ...LIVES, database: { ...database, update } });
    for (let count = 0; count < 2; count += 1) await store.create(NOTHING);
    ms += LIVES.idleMs;
    assert.equal(await store.sweep(1), 1);
    ms += 3_600_000;
    t.mock.method(performance, 'now', () => 3_600_000);
    isBroken = true;
    await assert.rejects(store.sweep(1), /gone/);
    assert.equal(await store.sweep(1), 0);
  });

  test('are stored also where the server’s default is not to commit', async (t) => {
    const server = await tcpServer(t, ['--autocommit=0']);
    await server.start();
    const store = createDatabaseStore({ ...LIVES, database: openAt(t, server.url()) });
    const { id } = await store.create(of(1));
    const other = createDatabaseStore({ ...LIVES, database: openAt(t, server.url()) });
    assert.deepEqual((await other.load(id))?.data, of(1));
  });
});
