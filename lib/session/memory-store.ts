/**
 * Sessions in memory, as an LRU cache with expiry: a Map keeps the order of its keys, so the first of
 * a group is the next to expire and to be evicted. Anonymous sessions are evicted before users'.
 */
import {
  applyPatch,
  canInherit,
  checkSize,
  handleOf,
  newId,
  type SessionData,
  type SessionRecord,
  type SessionStore,
  SessionsFull,
  type Timeouts,
} from './store.ts';

export interface MemoryStoreOptions extends Timeouts {
  /** How many sessions at most; times MAX_SESSION_BYTES it bounds the memory. */
  readonly limit: number;
  /** The clock in ms. The default starts at the time of day and only goes on. */
  readonly now?: () => number;
}

/** Sessions of one user at most (ASVS 5, 7.1.2). */
const MAX_PER_OWNER = 100;

const clock = () => performance.timeOrigin + performance.now();

/** Makes a store; `size` is how many sessions it holds. */
export function createMemoryStore({ idleMs, absoluteMs, limit, now = clock }: MemoryStoreOptions) {
  const anonymous = new Map<string, SessionRecord>();
  const users = new Map<string, SessionRecord>();
  const groupOf = (owner: string | undefined) => (owner === undefined ? anonymous : users);
  const isExpired = ({ seenAt, createdAt }: SessionRecord) =>
    now() - seenAt >= idleMs || now() - createdAt >= absoluteMs;
  const isFull = () => anonymous.size + users.size >= limit;

  function find(id: string): SessionRecord | undefined {
    const record = anonymous.get(id) ?? users.get(id);
    return record && !isExpired(record) ? record : undefined;
  }

  const remove = ({ id, owner }: SessionRecord) => groupOf(owner).delete(id);

  /** The owner's live sessions, least recently used first. */
  function ownedBy(owner: string): SessionRecord[] {
    return Array.from(users.values()).filter((one) => one.owner === owner && !isExpired(one));
  }

  function evict(owner: string | undefined): void {
    if (isFull()) sweep(limit);
    for (const group of owner === undefined ? [anonymous] : [anonymous, users]) {
      for (const id of group.keys()) {
        if (!isFull()) return;
        group.delete(id);
      }
    }
    if (isFull()) throw new SessionsFull();
  }

  function add(owner: string | undefined, data: SessionData): { id: string } {
    const [id, at] = [newId(), now()];
    groupOf(owner).set(id, { id, owner, data, createdAt: at, seenAt: at });
    return { id };
  }

  function sweep(max: number): number {
    let count = 0;
    for (const group of [anonymous, users]) {
      for (const record of group.values()) {
        if (count === max || !isExpired(record)) break;
        group.delete(record.id);
        count += 1;
      }
    }
    return count;
  }

  return {
    async load(id) {
      const record = find(id);
      if (record === undefined) return undefined;
      const used = { ...record, seenAt: now() };
      remove(record);
      groupOf(used.owner).set(id, used); // at the end: the most recently used
      return used;
    },

    async create(patch) {
      const data = applyPatch(new Map(), patch);
      checkSize(data);
      evict(undefined);
      return add(undefined, data);
    },

    async regenerate(id, owner, patch) {
      const old = id === undefined ? undefined : find(id);
      if (old) remove(old);
      else evict(owner);
      for (const one of ownedBy(owner).slice(0, 1 - MAX_PER_OWNER)) remove(one);
      const kept = old && canInherit(old, owner) ? old.data : new Map();
      return add(owner, applyPatch(kept, patch));
    },

    async patch(id, patch) {
      const record = find(id);
      if (record === undefined) return false;
      const data = applyPatch(record.data, patch);
      checkSize(data, record.data);
      groupOf(record.owner).set(id, { ...record, data }); // keeps its place
      return true;
    },

    async destroy(id) {
      const record = find(id);
      return record ? remove(record) : false;
    },

    async ownedBy(owner) {
      const found = ownedBy(owner).map(({ id, createdAt, seenAt }) => ({
        handle: handleOf(id),
        createdAt,
        seenAt,
      }));
      return found.sort((one, other) => one.createdAt - other.createdAt);
    },

    async destroyOwned(owner, handle) {
      const record = ownedBy(owner).find(({ id }) => handleOf(id) === handle);
      return record !== undefined && remove(record);
    },

    sweep: async (max) => sweep(max),

    get size() {
      return anonymous.size + users.size;
    },
  } satisfies SessionStore & { size: number };
}
