/**
 * Sessions in memory. It keeps the clock: idle and absolute life, and when each session was last
 * used; where they lie is the business of `records.ts`. It knows no cookies and no requests. No
 * step costs more because more sessions are held.
 */
import { randomBytes } from 'node:crypto';
import { getHeapStatistics } from 'node:v8';
import { createRecords, type Entry } from './records.ts';
import { type Changes, inherits, type SessionStore, type Stored } from './store.ts';

/** What a store is to keep to. */
export interface StoreOptions {
  readonly idleMs: number;
  readonly maxAgeMs: number;
  /** How many sessions at most. */
  readonly limit: number;
  /**
   * How many bytes they take at most; if left out, a quarter of the heap that this process may
   * have.
   */
  readonly maxBytes?: number;
  /** A monotonic clock in ms. Not `Date.now`: setting the wall clock must not end a session. */
  readonly now: () => number;
}

const QUARTER_OF_HEAP = getHeapStatistics().heap_size_limit / 4;

/** Makes an empty store. */
export function createMemoryStore(options: StoreOptions): SessionStore {
  const { idleMs, maxAgeMs, limit, maxBytes = QUARTER_OF_HEAP, now } = options;
  const isOver = ({ seenAt, createdAt }: Stored, at: number) =>
    at - seenAt >= idleMs || at - createdAt >= maxAgeMs;
  const records = createRecords({ limit, maxBytes }, isOver);

  /** The session of that id, unless it is over: then it is forgotten. */
  function live(id: string, at: number): Entry | undefined {
    const entry = records.get(id);
    if (entry === undefined || !isOver(entry, at)) return entry;
    records.remove(entry);
    return undefined;
  }

  function insert(owner: string | undefined, data: Changes, at: number): Entry {
    const entry: Entry = {
      // 256 bits from the system's generator (ASVS 5, 7.2.3 and 11.5.1 ask for 128).
      id: randomBytes(32).toString('base64url'),
      data: new Map(),
      createdAt: at,
      seenAt: at,
      owner,
      weight: 0,
      older: undefined,
      before: undefined,
      after: undefined,
    };
    records.add(entry, data, at);
    return entry;
  }

  return {
    async load(id) {
      const at = now();
      const entry = live(id, at);
      if (entry === undefined) return undefined;
      entry.seenAt = at;
      records.touch(entry);
      return entry;
    },

    async create(changes) {
      return insert(undefined, changes, now());
    },

    async renew(id, owner, changes) {
      const at = now();
      const old = id === undefined ? undefined : live(id, at);
      if (old) records.remove(old);
      const kept = old && inherits(old, owner) ? [...old.data] : [];
      return insert(owner, new Map([...kept, ...changes]), at);
    },

    async save(id, changes) {
      const at = now();
      const entry = live(id, at);
      if (entry) records.change(entry, changes, at);
      return entry !== undefined;
    },

    async end(id) {
      const entry = live(id, now());
      if (entry) records.remove(entry);
      return entry !== undefined;
    },

    async ownedBy(owner) {
      const at = now();
      return records.of(owner).filter((entry) => !isOver(entry, at));
    },

    get size() {
      return records.size;
    },

    sweep: (most) => records.sweep(most, now()),
  };
}
