/**
 * Sessions in memory: a map from id to record. It keeps the clock (idle and absolute life), the cap, and
 * the list of each owner's sessions, and knows no cookies and no requests. No step costs more because more
 * sessions are held.
 */
import { randomBytes } from 'node:crypto';
import { createQueue, type Link } from './queue.ts';
import type { Changes, SessionStore, Stored } from './store.ts';

interface Entry extends Stored, Link {
  readonly data: Map<string, unknown>;
  seenAt: number;
}

export interface StoreOptions {
  readonly idleMs: number;
  readonly maxAgeMs: number;
  readonly limit: number;
  /** A monotonic clock in ms. Not `Date.now`: setting the wall clock must not end a session. */
  readonly now: () => number;
}

/** Makes an empty store. */
export function createMemoryStore({ idleMs, maxAgeMs, limit, now }: StoreOptions): SessionStore {
  const records = new Map<string, Entry>();
  const owned = new Map<string, Set<Entry>>();
  // Least recently used first. Anonymous sessions have a queue of their own and are the first to go: a
  // flood of visitors without cookies must not log anybody out.
  const anonymous = createQueue<Entry>();
  const loggedIn = createQueue<Entry>();

  const queueOf = (record: Entry) => (record.owner === undefined ? anonymous : loggedIn);
  const isOver = ({ seenAt, createdAt }: Stored) =>
    now() - seenAt >= idleMs || now() - createdAt >= maxAgeMs;

  function remove(record: Entry): void {
    records.delete(record.id);
    queueOf(record).remove(record);
    if (record.owner === undefined) return;
    const mine = owned.get(record.owner);
    mine?.delete(record);
    if (mine?.size === 0) owned.delete(record.owner);
  }

  function live(id: string): Entry | undefined {
    const record = records.get(id);
    if (record === undefined || !isOver(record)) return record;
    remove(record);
    return undefined;
  }

  function insert(owner: string | undefined, contents: readonly Changes[]): Entry {
    while (records.size >= limit) {
      const oldest = anonymous.first() ?? loggedIn.first();
      if (oldest === undefined) break;
      remove(oldest);
    }
    // 256 bits from the system's generator (ASVS 5, 7.2.3 and 11.5.1 ask for 128).
    const id = randomBytes(32).toString('base64url');
    const at = now();
    const data = new Map<string, unknown>();
    for (const changes of contents) apply(data, changes);
    const record: Entry = {
      id,
      data,
      createdAt: at,
      seenAt: at,
      owner,
      before: undefined,
      after: undefined,
    };
    records.set(id, record);
    queueOf(record).append(record);
    if (owner !== undefined) owned.set(owner, (owned.get(owner) ?? new Set()).add(record));
    return record;
  }

  return {
    async load(id) {
      const record = live(id);
      if (record === undefined) return undefined;
      record.seenAt = now();
      queueOf(record).remove(record);
      queueOf(record).append(record);
      return record;
    },

    async create(changes) {
      return insert(undefined, [changes]);
    },

    async renew(id, owner, changes) {
      const old = id === undefined ? undefined : live(id);
      if (old) remove(old);
      const inherits = old !== undefined && (old.owner === undefined || old.owner === owner);
      return insert(owner, inherits ? [old.data, changes] : [changes]);
    },

    async save(id, changes) {
      const record = live(id);
      if (record === undefined) return false;
      apply(record.data, changes);
      return true;
    },

    async end(id) {
      const record = live(id);
      if (record === undefined) return false;
      remove(record);
      return true;
    },

    async ownedBy(owner) {
      return [...(owned.get(owner) ?? [])].filter((record) => !isOver(record));
    },

    get size() {
      return records.size;
    },

    sweep(most) {
      let count = 0;
      for (const queue of [anonymous, loggedIn]) {
        // The queue is in the order of last use, so the idle ones are all in front.
        for (let record = queue.first(); record && count < most; record = queue.first()) {
          if (!isOver(record)) break;
          remove(record);
          count += 1;
        }
      }
      return count;
    },
  };
}

function apply(data: Map<string, unknown>, changes: Changes): void {
  for (const [key, value] of changes) {
    if (value === undefined) data.delete(key);
    else data.set(key, value);
  }
}
