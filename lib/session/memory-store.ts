/**
 * Sessions in memory: a map from id to record. It keeps the clock (idle and absolute life), the cap, and
 * the list of each owner's sessions, and knows no cookies and no requests. No step costs more because more
 * sessions are held.
 */
import { randomBytes } from 'node:crypto';
import { createOwners, type Owned } from './owners.ts';
import { createQueue, type Link } from './queue.ts';
import { createShards } from './shards.ts';
import { type Changes, inherits, type SessionStore, SessionsFull, type Stored } from './store.ts';

interface Entry extends Stored, Link, Owned {
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

/** How many sessions one owner may have (ASVS 5, 7.1.2). A further one ends the least recently used. */
const MOST_PER_OWNER = 100;

/** Makes an empty store. */
export function createMemoryStore({ idleMs, maxAgeMs, limit, now }: StoreOptions): SessionStore {
  const records = createShards<Entry>();
  const owners = createOwners<Entry>();
  // Least recently used first. Anonymous sessions have a queue of their own and are the first to go: a
  // flood of visitors without cookies must not log anybody out.
  const anonymous = createQueue<Entry>();
  const loggedIn = createQueue<Entry>();

  const queueOf = (record: Entry) => (record.owner === undefined ? anonymous : loggedIn);
  const isOver = ({ seenAt, createdAt }: Stored, at: number) =>
    at - seenAt >= idleMs || at - createdAt >= maxAgeMs;

  function live(id: string, at = now()): Entry | undefined {
    const record = records.get(id);
    if (record === undefined || !isOver(record, at)) return record;
    remove(record);
    return undefined;
  }

  function remove(record: Entry): void {
    records.delete(record.id);
    queueOf(record).remove(record);
    owners.remove(record);
  }

  function insert(owner: string | undefined, contents: readonly Changes[]): Entry {
    makeRoom(owner);
    const data = new Map<string, unknown>();
    for (const changes of contents) apply(data, changes);
    // 256 bits from the system's generator (ASVS 5, 7.2.3 and 11.5.1 ask for 128).
    const id = randomBytes(32).toString('base64url');
    const at = now();
    const record: Entry = {
      id,
      data,
      createdAt: at,
      seenAt: at,
      owner,
      older: undefined,
      before: undefined,
      after: undefined,
    };
    records.set(id, record);
    queueOf(record).append(record);
    owners.add(record);
    return record;
  }

  function makeRoom(owner: string | undefined): void {
    const mine = owner === undefined ? [] : owners.of(owner);
    if (mine.length >= MOST_PER_OWNER) {
      remove(mine.reduce((last, next) => (next.seenAt < last.seenAt ? next : last)));
    }
    // At the cap, what was idle for too long goes first; then strangers; and a stranger never in place of a user.
    if (records.size < limit || sweep(1) > 0) return;
    const oldest = anonymous.first() ?? (owner === undefined ? undefined : loggedIn.first());
    if (oldest === undefined) throw new SessionsFull('all the sessions held belong to users');
    remove(oldest);
  }

  function sweep(most: number): number {
    const at = now();
    let count = 0;
    for (const queue of [anonymous, loggedIn]) {
      // The queue is in the order of last use, so the idle ones are all in front.
      for (let record = queue.first(); record && count < most; record = queue.first()) {
        if (!isOver(record, at)) break;
        remove(record);
        count += 1;
      }
    }
    return count;
  }

  return {
    async load(id) {
      const at = now();
      const record = live(id, at);
      if (record === undefined) return undefined;
      record.seenAt = at;
      const queue = queueOf(record);
      queue.remove(record);
      queue.append(record);
      return record;
    },

    async create(changes) {
      return insert(undefined, [changes]);
    },

    async renew(id, owner, changes) {
      const old = id === undefined ? undefined : live(id);
      if (old) remove(old);
      return insert(owner, old && inherits(old, owner) ? [old.data, changes] : [changes]);
    },

    async save(id, changes) {
      const record = live(id);
      if (record) apply(record.data, changes);
      return record !== undefined;
    },

    async end(id) {
      const record = live(id);
      if (record) remove(record);
      return record !== undefined;
    },

    async ownedBy(owner) {
      const at = now();
      return owners.of(owner).filter((record) => !isOver(record, at));
    },

    get size() {
      return records.size;
    },

    sweep,
  };
}

function apply(data: Map<string, unknown>, changes: Changes): void {
  for (const [key, value] of changes) {
    if (value === undefined) data.delete(key);
    else data.set(key, value);
  }
}
