/**
 * Sessions in the database, for any number of processes on any number of machines. One row a
 * session, and for each operation one statement that commits by itself and says in its WHERE that
 * the session lives: so a write in flight brings nothing back, and of writes at the same time none
 * is lost, wherever they come from. The database's clock alone counts. What arrives in one turn of
 * the event loop goes out together.
 */

import type { StoreOptions } from '../session/memory-store.ts';
import type { Changes, SessionStore } from '../session/store.ts';
import { applied, handleOf, MOST_PER_OWNER, newId, SessionsFull } from '../session/store.ts';
import { createBatch, padded, places } from './loader.ts';
import type { Database, Row } from './queries.ts';
import { storedOf, type Texts, textsOf, timesOf } from './session-row.ts';

/** Where it is, and what it keeps to. When one was seen is noted anew once that is `noteMs` old. */
export interface DatabaseStoreOptions extends Omit<StoreOptions, 'maxBytes' | 'now'> {
  readonly database: Database;
  readonly noteMs?: number;
}

/** Some changes to a session, named by its handle: the id itself is stored nowhere. */
type Save = readonly [handle: string, texts: Texts];

/** How much one session may hold and grow on, in bytes. */
const MOST_BYTES = 2 ** 21;
/** So late it is known what other processes add, and so long one sweeps before another may. */
const COUNT_EVERY_MS = 5000;
const LEASE_MS = 10_000;
/** Nobody who comes waits for more than so many to make room. */
const MOST_AT_ONCE = 250;

/** Makes a store; its tables are in `sql/schema.sql`. */
export function createDatabaseStore(options: DatabaseStoreOptions): SessionStore {
  const { database, idleMs, maxAgeMs, limit, noteMs = idleMs / 20 } = options;
  const { now } = database;
  const isAlive = () => `expires_at > ${now()}`;
  /** The end of a session that is seen now. */
  const end = (createdAt: string) => `LEAST(${now()} + ${idleMs}, ${createdAt} + ${maxAgeMs})`;
  let count = 0;
  let counting: Promise<number> | undefined;
  let countedAt = Number.NEGATIVE_INFINITY;
  let leaseEnds = Number.NEGATIVE_INFINITY;
  let isMySweep = false;

  const read = createBatch(async (handles: readonly string[]) => {
    const values = padded(handles);
    const sql = `SELECT id, owner, data, created_at, seen_at, ${now()} AS now_at FROM sessions
      WHERE id IN (${places(values)}) AND ${isAlive()}`;
    const rows = new Map((await database.select(sql, values)).map((row) => [row.id, row]));
    return (handle): Row | undefined => rows.get(handle);
  });

  const note = createBatch(async (handles: readonly string[]) => {
    const values = padded(handles);
    const sql = `UPDATE sessions SET seen_at = ${now()}, expires_at = ${end('created_at')}
      WHERE id IN (${places(values)}) AND ${isAlive()}`;
    await database.update(sql, values);
    return () => {};
  });

  const save = createBatch<Save, boolean>(async (saves) => {
    const patches = new Map<string, Texts>();
    for (const [handle, texts] of saves) {
      patches.set(handle, { ...patches.get(handle), ...texts });
    }
    if ((await patch([...patches])) === patches.size) return () => true;
    // Some had ended, or were full. Not tried again: meanwhile another may have written. One that
    // lives now has lived then, as nothing brings a session back.
    const rows = new Map<string, Row | undefined>();
    await Promise.all(Array.from(patches.keys(), async (one) => rows.set(one, await read(one))));
    return ([handle]) => {
      const row = rows.get(handle);
      if (row === undefined || Buffer.byteLength(String(row.data)) < MOST_BYTES)
        return row !== undefined;
      throw new SessionsFull('this session holds too much');
    };
  });

  /** Changes sessions; @returns how many of them lived, and had room */
  function patch(saves: readonly Save[]): Promise<number> {
    const all = padded(saves);
    const handles = all.map(([handle]) => handle);
    const cases = all.map(() => 'WHEN ? THEN ?').join(' ');
    const sql = `UPDATE sessions SET data = JSON_MERGE_PATCH(data, CASE id ${cases} END)
      WHERE id IN (${places(all)}) AND LENGTH(data) < ${MOST_BYTES} AND ${isAlive()}`;
    const patches = all.flatMap(([handle, texts]) => [handle, JSON.stringify(texts)]);
    return database.update(sql, [...patches, ...handles]);
  }

  async function countRows(which: string, values: readonly string[]): Promise<number> {
    const [row] = await database.select(`SELECT COUNT(*) AS n FROM sessions ${which}`, values);
    return Number(row?.n);
  }

  /** Deletes rows; @returns how many */
  async function remove(which: string, values: readonly string[]): Promise<number> {
    const gone = await database.update(`DELETE FROM sessions WHERE ${which}`, values);
    count -= gone;
    return gone;
  }

  /** Takes a place. The cap is as exact as the count. Strangers go before users. */
  async function makeRoom(forUser: boolean): Promise<void> {
    const isStale = () => performance.now() - countedAt > COUNT_EVERY_MS;
    if (isStale()) {
      // One count for all who come meanwhile: a later one would not know whom they make go.
      counting ??= countRows('', []).finally(() => {
        counting = undefined;
      });
      const counted = await counting;
      if (isStale()) [count, countedAt] = [counted, performance.now()];
    }
    count += 1;
    let lack = Math.min(count - limit, MOST_AT_ONCE);
    // Sorted as the indexes are: else MariaDB reads all of them, and locks what it reads.
    const groups = [
      `expires_at <= ${now()} ORDER BY expires_at`,
      'owner IS NULL ORDER BY owner, seen_at',
    ];
    for (const group of forUser ? [...groups, 'TRUE ORDER BY seen_at'] : groups) {
      if (lack <= 0) return;
      // Whoever comes meanwhile finds other places.
      count -= lack;
      const gone = await database.update(`DELETE FROM sessions WHERE ${group} LIMIT ${lack}`, []);
      count += lack - gone;
      lack -= gone;
    }
    if (lack <= 0) return;
    count -= 1;
    throw new SessionsFull('there is no room for this session');
  }

  /** Past an owner's share, the least recently used of their sessions go: all before the hundredth. */
  async function keepShare(owner: string): Promise<void> {
    const owned = `owner = ? AND ${isAlive()}`;
    const sql = `SELECT seen_at FROM sessions WHERE ${owned}
      ORDER BY seen_at DESC LIMIT 1 OFFSET ${MOST_PER_OWNER - 1}`;
    const [last] = await database.select(sql, [owner]);
    if (last) await remove(`${owned} AND seen_at < ?`, [owner, String(last.seen_at)]);
  }

  async function insert(id: string, owner: string, changes: Changes): Promise<void> {
    const sql = `INSERT INTO sessions (id, owner, data, created_at, seen_at, expires_at)
      VALUES (?, NULLIF(?, ''), ?, ${now()}, ${now()}, ${end(now())})`;
    await database.update(sql, [
      handleOf(id),
      owner,
      JSON.stringify(textsOf(applied(new Map(), changes))),
    ]);
  }

  return {
    async load(id) {
      const row = await read(handleOf(id));
      if (row === undefined) return undefined;
      const stored = storedOf(id, row);
      const seenAt = Number(row.now_at);
      if (seenAt - stored.seenAt < noteMs) return stored;
      await note(handleOf(id));
      return { ...stored, seenAt };
    },

    async create(changes) {
      const id = newId();
      await makeRoom(false);
      await insert(id, '', changes);
      return { id };
    },

    async renew(oldId, owner, changes) {
      const id = newId();
      const old = oldId && handleOf(oldId);
      // The old row becomes the new one: there is no moment with both, or with neither. What it
      // held for another owner is left behind; each column is read before it is written.
      const sql = `UPDATE sessions SET id = ?, created_at = ${now()}, seen_at = ${now()},
          data = JSON_MERGE_PATCH(IF(COALESCE(owner, ?) = ?, data, '{}'), ?),
          owner = ?, expires_at = ${end(now())} WHERE id = ? AND ${isAlive()}`;
      const values = [handleOf(id), owner, owner, JSON.stringify(textsOf(changes)), owner];
      if (!old || (await database.update(sql, [...values, old])) === 0) {
        await makeRoom(true);
        await insert(id, owner, changes);
      }
      // The login stands, whatever becomes of this; the next one does it then.
      await keepShare(owner).catch(() => {});
      return { id };
    },

    save: async (id, changes) => save([handleOf(id), textsOf(changes)]),

    end: async (id) => (await remove(`id = ? AND ${isAlive()}`, [handleOf(id)])) > 0,

    async ownedBy(owner) {
      const sql = `SELECT id, created_at, seen_at FROM sessions
        WHERE owner = ? AND ${isAlive()} ORDER BY created_at, id`;
      const rows = await database.select(sql, [owner]);
      return rows.map((row) => ({ handle: String(row.id), ...timesOf(row) }));
    },

    async endOwned(owner, handle) {
      return (await remove(`id = ? AND owner = ? AND ${isAlive()}`, [handle, owner])) > 0;
    },

    async sweep(most) {
      const at = performance.now();
      if (at >= leaseEnds) {
        leaseEnds = at + LEASE_MS;
        const sql = `UPDATE leases SET until_at = ${now()} + ${LEASE_MS}
          WHERE name = 'sweep' AND until_at <= ${now()}`;
        isMySweep = false;
        isMySweep = (await database.update(sql, [])) > 0;
      }
      const old = `expires_at <= ${now()} ORDER BY expires_at LIMIT ${most}`;
      return isMySweep ? remove(old, []) : 0;
    },

    get size() {
      return count;
    },
  };
}
