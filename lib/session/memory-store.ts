/**
 * Sessions in memory, as an LRU cache with expiry: a Map keeps the order of its keys, so the first of
 * a group is the next to expire and to be evicted. Anonymous sessions are evicted before users'.
 */
import {
  applyPatch,
  canInherit,
  checkSize,
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

  function find(handle: string): SessionRecord | undefined {
    const record = anonymous.get(handle) ?? users.get(handle);
    return record && !isExpired(record) ? record : undefined;
  }

  const remove = ({ handle, owner }: SessionRecord) => groupOf(owner).delete(handle);

  /** The owner's live sessions, least recently used first. */
  function ownedBy(owner: string): SessionRecord[] {
    return Array.from(users.values()).filter((one) => one.owner === owner && !isExpired(one));
  }

  /** Makes room for one more session. */
  function evict(owner: string | undefined): void {
    if (anonymous.size + users.size < limit || sweep(limit) > 0) return;
    const group = anonymous.size > 0 ? anonymous : users;
    if (group === users && owner === undefined) throw new SessionsFull();
    const [leastRecentlyUsed = ''] = group.keys();
    group.delete(leastRecentlyUsed);
  }

  function add(handle: string, owner: string | undefined, data: SessionData): void {
    const at = now();
    if (owner !== undefined)
      ownedBy(owner)
        .slice(0, 1 - MAX_PER_OWNER)
        .forEach(remove);
    groupOf(owner).set(handle, { handle, owner, data, createdAt: at, seenAt: at });
  }

  function sweep(max: number): number {
    let count = 0;
    for (const group of [anonymous, users]) {
      for (const record of group.values()) {
        if (count === max || !isExpired(record)) break;
        group.delete(record.handle);
        count += 1;
      }
    }
    return count;
  }

  return {
    async load(handle) {
      const record = find(handle);
      if (record === undefined) return undefined;
      const used = { ...record, seenAt: now() };
      remove(record);
      groupOf(used.owner).set(handle, used); // at the end: the most recently used
      return used;
    },

    async create(handle, owner, patch) {
      const data = applyPatch(new Map(), patch);
      checkSize(data);
      evict(owner);
      add(handle, owner, data);
    },

    async regenerate(handle, next, owner, patch) {
      const old = find(handle);
      if (old === undefined) return false;
      remove(old);
      add(next, owner, applyPatch(canInherit(old, owner) ? old.data : new Map(), patch));
      return true;
    },

    async patch(handle, patch) {
      const record = find(handle);
      if (record === undefined) return false;
      const data = applyPatch(record.data, patch);
      checkSize(data, record.data);
      groupOf(record.owner).set(handle, { ...record, data }); // keeps its place
      return true;
    },

    async destroy(handle) {
      const record = find(handle);
      return record !== undefined && remove(record);
    },

    ownedBy: async (owner) => ownedBy(owner).sort((one, other) => one.createdAt - other.createdAt),

    sweep: async (max) => sweep(max),

    get size() {
      return anonymous.size + users.size;
    },
  } satisfies SessionStore & { size: number };
}
