/**
 * Sessions in the database, for any number of processes. Each write is one statement that commits by
 * itself and says in its WHERE that the session lives: a write in flight brings nothing back, and of
 * parallel writes none is lost. The database's clock counts.
 */
import {
  applyPatch,
  checkSize,
  MAX_SESSION_BYTES,
  type Patch,
  type SessionStore,
  SessionTooLarge,
  type Timeouts,
} from '../session/store.ts';
import { createLoader, padToBucket } from './loader.ts';
import type { Database, Row } from './queries.ts';

export interface DatabaseStoreOptions extends Timeouts {
  readonly database: Database;
  /** The time of last use is stored again when it is older than this, in ms. */
  readonly touchIntervalMs?: number;
}

/** Makes a store; its table is in `sql/schema.sql`. */
export function createDatabaseStore(options: DatabaseStoreOptions): SessionStore {
  const { database, idleMs, absoluteMs, touchIntervalMs = idleMs / 20 } = options;
  const { now } = database;
  const alive = () => `expires_at > ${now()}`;
  /** When a session expires that is used now. */
  const expiry = (createdAt: string) => `LEAST(${now()} + ${idleMs}, ${createdAt} + ${absoluteMs})`;

  /** Ids that are read in one tick share a statement. */
  const read = createLoader(async (handles: readonly string[]) => {
    const values = padToBucket(handles);
    const sql = `SELECT id, owner, data, created_at, seen_at, ${now()} AS now_at FROM sessions
      WHERE id IN (${values.map(() => '?')}) AND ${alive()}`;
    const rows = new Map((await database.select(sql, values)).map((row) => [row.id, row]));
    return (handle): Row | undefined => rows.get(handle);
  });

  return {
    async load(handle) {
      const row = await read(handle);
      if (row === undefined) return undefined;
      const usedAt = Number(row.now_at);
      const { createdAt, seenAt } = timesOf(row);
      const isTouched = usedAt - seenAt >= touchIntervalMs;
      const touch = `UPDATE sessions SET seen_at = ${now()}, expires_at = ${expiry('created_at')}
        WHERE id = ? AND ${alive()}`;
      if (isTouched) await database.update(touch, [handle]);
      const data = new Map<string, string>(Object.entries(JSON.parse(String(row.data))));
      const owner = row.owner === null ? undefined : String(row.owner);
      return { handle, data, owner, createdAt, seenAt: isTouched ? usedAt : seenAt };
    },

    async create(handle, owner, patch) {
      const data = applyPatch(new Map(), patch);
      checkSize(data);
      const sql = `INSERT INTO sessions (id, owner, data, created_at, seen_at, expires_at)
        VALUES (?, NULLIF(?, ''), ?, ${now()}, ${now()}, ${expiry(now())})`;
      const json = JSON.stringify(Object.fromEntries(data));
      await database.update(sql, [handle, owner ?? '', json]);
    },

    async regenerate(handle, next, owner, patch) {
      // The old row becomes the new one: there is no moment with both, or with neither. Each column
      // is read before it is written, so `owner` is still the old one where the data is chosen.
      const sql = `UPDATE sessions SET id = ?, created_at = ${now()}, seen_at = ${now()},
          data = JSON_MERGE_PATCH(IF(COALESCE(owner, ?) = ?, data, '{}'), ?),
          owner = ?, expires_at = ${expiry(now())} WHERE id = ? AND ${alive()}`;
      const values = [next, owner, owner, toMergePatch(patch), owner, handle];
      return (await database.update(sql, values)) > 0;
    },

    async patch(handle, patch) {
      const json = toMergePatch(patch);
      const size = `LENGTH(JSON_MERGE_PATCH(data, ?))`;
      const sql = `UPDATE sessions SET data = JSON_MERGE_PATCH(data, ?)
        WHERE id = ? AND ${alive()} AND ${size} <= GREATEST(${MAX_SESSION_BYTES}, LENGTH(data))`;
      if ((await database.update(sql, [json, handle, json])) > 0) return true;
      if ((await read(handle)) !== undefined) throw new SessionTooLarge();
      return false;
    },

    async destroy(handle) {
      const sql = `DELETE FROM sessions WHERE id = ? AND ${alive()}`;
      return (await database.update(sql, [handle])) > 0;
    },

    async ownedBy(owner) {
      const sql = `SELECT id, created_at, seen_at FROM sessions
        WHERE owner = ? AND ${alive()} ORDER BY created_at, id`;
      const rows = await database.select(sql, [owner]);
      return rows.map((row) => ({ handle: String(row.id), ...timesOf(row) }));
    },

    // In the order of the index: without it MariaDB scans, and locks, every row.
    sweep: (max) =>
      database.update(
        `DELETE FROM sessions WHERE expires_at <= ${now()} ORDER BY expires_at LIMIT ${max}`,
        [],
      ),
  };
}

/** RFC 7396: null deletes the key. The values are JSON text, so each replaces its key whole. */
function toMergePatch(patch: Patch): string {
  return JSON.stringify(Object.fromEntries(patch), (_, value) => value ?? null);
}

function timesOf({ created_at, seen_at }: Row) {
  return { createdAt: Number(created_at), seenAt: Number(seen_at) };
}
