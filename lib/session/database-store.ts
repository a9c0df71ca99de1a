/**
 * Sessions in the database, for any number of processes on any number of machines. One row a
 * session, and for each operation one statement that commits by itself and says in its WHERE that
 * the session lives: so a write in flight brings nothing back, and of writes at the same time none
 * is lost, wherever they come from. The database's clock alone counts. What arrives in one turn of
 * the event loop goes out together.
 */
import { randomBytes } from 'node:crypto';
import { createBatch, padded } from '../batch.ts';
import type { Database, Row } from '../db/pool.ts';
import type { StoreOptions } from './memory-store.ts';
import type { Changes, SessionStore, Stored } from './store.ts';
import { applied, handleOf, SessionsFull } from './store.ts';

/** Where it is, and what it keeps to. When one was seen is noted anew once that is `noteMs` old. */
export interface DatabaseStoreOptions extends Omit<StoreOptions, 'maxBytes' | 'now'> {
  readonly database: Database;
  readonly noteMs?: number;
}

/** Some changes to a session, named by its handle: the id itself is stored nowhere. */
type Save = readonly [handle: string, changes: Changes];

/** How many sessions one owner may have (ASVS 5, 7.1.2), and how much one may hold and grow on. */
const MOST_PER_OWNER = 100;
const MOST_BYTES = 2 ** 21;
/** So late it is known what other processes add, and so long one sweeps before another may. */
const COUNT_EVERY_MS = 5000;
const LEASE_MS = 10_000;

/** Makes a store; its tables are in `sql/schema.sql`. */
export function createDatabaseStore(options: DatabaseStoreOptions): SessionStore {
  const { database, idleMs, maxAgeMs, limit, noteMs = idleMs / 20 } = options;
  const { now } = database;
  const isAlive = () => `expires_at > ${now()}`;
  /** The end of a session that is seen now. */
  const end = (createdAt: string) => `LEAST(${now()} + ${idleMs}, ${createdAt} + ${maxAgeMs})`;
  let count = 0;
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
    await database.change(sql, values);
    return () => {};
  });

  const save = createBatch<Save, boolean>(async (saves) => {
    const patches = new Map<string, Changes>();
    for (const [handle, changes] of saves) {
      patches.set(handle, new Map([...(patches.get(handle) ?? []), ...changes]));
    }
    if ((await patch([...patches])) === patches.size) return () => true;
    // Some have ended, or are full, and it is not known which.
    const counts = await Promise.all([...patches].map((one) => patch([one])));
    const isStored = new Map([...patches.keys()].map((handle, at) => [handle, counts[at] === 1]));
    return ([handle]) => isStored.get(handle) ?? false;
  });

  /** Changes sessions; @returns how many of them lived, and had room */
  function patch(saves: readonly Save[]): Promise<number> {
    const all = padded(saves);
    const handles = all.map(([handle]) => handle);
    const cases = all.map(() => 'WHEN ? THEN ?').join(' ');
    const sql = `UPDATE sessions SET data = JSON_MERGE_PATCH(data, CASE id ${cases} END)
      WHERE id IN (${places(all)}) AND LENGTH(data) < ${MOST_BYTES} AND ${isAlive()}`;
    const patches = all.flatMap(([handle, changes]) => [handle, jsonOf(changes)]);
    return database.change(sql, [...patches, ...handles]);
  }

  async function countRows(which: string, values: readonly string[]): Promise<number> {
    const [row] = await database.select(`SELECT COUNT(*) AS n FROM sessions ${which}`, values);
    return Number(row?.n);
  }

  /** Deletes rows; @returns how many */
  async function remove(which: string, values: readonly string[]): Promise<number> {
    const gone = await database.change(`DELETE FROM sessions WHERE ${which}`, values);
    count -= gone;
    return gone;
  }

  /** The cap is as exact as the count. Strangers go before users. */
  async function makeRoom(forUser: boolean): Promise<void> {
    if (performance.now() - countedAt > COUNT_EVERY_MS) {
      count = await countRows('', []);
      countedAt = performance.now();
    }
    const groups = [`expires_at <= ${now()}`, 'owner IS NULL', ...(forUser ? ['TRUE'] : [])];
    for (const group of groups) {
      if (count >= limit) await remove(`${group} ORDER BY seen_at LIMIT ${count - limit + 1}`, []);
    }
    if (count >= limit) throw new SessionsFull('there is no room for this session');
  }

  /** Past an owner's share, the least recently used of their sessions go. */
  async function keepShare(owner: string): Promise<void> {
    const owned = `owner = ? AND ${isAlive()}`;
    const surplus = (await countRows(`WHERE ${owned}`, [owner])) - MOST_PER_OWNER;
    if (surplus > 0) await remove(`${owned} ORDER BY seen_at LIMIT ${surplus}`, [owner]);
  }

  async function insert(id: string, owner: string, changes: Changes): Promise<void> {
    const sql = `INSERT INTO sessions (id, owner, data, created_at, seen_at, expires_at)
      VALUES (?, NULLIF(?, ''), ?, ${now()}, ${now()}, ${end(now())})`;
    await database.change(sql, [handleOf(id), owner, jsonOf(applied(new Map(), changes))]);
    count += 1;
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
      // The old row becomes the new one: there is no moment with both, or with neither.
      const sql = `UPDATE sessions SET id = ?, owner = ?, data = JSON_MERGE_PATCH(data, ?),
          created_at = ${now()}, seen_at = ${now()}, expires_at = ${end(now())}
        WHERE id = ? AND (owner IS NULL OR owner = ?) AND ${isAlive()}`;
      const values = [handleOf(id), owner, jsonOf(changes)];
      if (!old || (await database.change(sql, [...values, old, owner])) === 0) {
        if (old) await remove('id = ?', [old]);
        await makeRoom(true);
        await insert(id, owner, changes);
      }
      await keepShare(owner);
      return { id };
    },

    async save(id, changes) {
      const isStored = await save([handleOf(id), changes]);
      if (isStored || (await read(handleOf(id))) === undefined) return isStored;
      throw new SessionsFull('this session holds too much');
    },

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
        isMySweep = (await database.change(sql, [])) > 0;
      }
      const old = `expires_at <= ${now()} ORDER BY expires_at LIMIT ${most}`;
      return isMySweep ? remove(old, []) : 0;
    },

    get size() {
      return count;
    },
  };
}

/** 256 bits from the system's generator (ASVS 5, 7.2.3 and 11.5.1 ask for 128). */
function newId(): string {
  return randomBytes(32).toString('base64url');
}

function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** Each value is JSON of its own, a text in the whole: then a patch replaces it, and null removes it. */
function jsonOf(changes: Changes): string {
  const entries = Array.from(changes, ([key, value]) => [
    key,
    value === undefined ? null : JSON.stringify(value),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

function storedOf(id: string, row: Row): Stored {
  const texts: Record<string, string> = JSON.parse(String(row.data)); // as `jsonOf` wrote it
  const data = new Map(Object.entries(texts).map(([key, text]) => [key, JSON.parse(text)]));
  const owner = row.owner === null ? undefined : String(row.owner);
  return { id, data, owner, ...timesOf(row) };
}

function timesOf({ created_at, seen_at }: Row) {
  return { createdAt: Number(created_at), seenAt: Number(seen_at) };
}
