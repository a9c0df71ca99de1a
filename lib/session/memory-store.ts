/**
 * Sessions in this process's memory. They are found by id and by owner, and stand in two lines, of
 * last use and of birth: whatever is over, and whoever has to go, is first in one of them. It knows
 * no cookies and no requests.
 */
import { getHeapStatistics } from 'node:v8';
import { Line, Parts, type Place } from './many.ts';
import type { SessionStore, Stored } from './store.ts';
import { applied, handleOf, inherits, MOST_PER_OWNER, newId, SessionsFull } from './store.ts';
import type { Lives } from './times.ts';

/** What a store is to keep to. */
export interface StoreOptions extends Lives {
  /** How many sessions at most. */
  readonly limit: number;
  /** How many bytes they take at most; a quarter of this process's heap if left out. */
  readonly maxBytes?: number;
  /** A monotonic clock. Not `Date.now`: setting the wall clock must not end a session. */
  readonly now: () => number;
}

type Data = Stored['data'];

/** A session as it is held. Its data is replaced, never changed: who was given it keeps it. */
interface Entry extends Stored {
  data: Data;
  seenAt: number;
  /** What is counted for it, in bytes. */
  weight: number;
  inUse?: Place<Entry>;
  inBirth?: Place<Entry>;
}

const HEAP_BYTES = getHeapStatistics().heap_size_limit;
/** Which part of all bytes one owner’s sessions may hold. */
const OWNERS_SHARE = 1 / 1000;
/** What a session takes without data, and a key beside its letters and its value's; measured. */
const SESSION_BYTES = 600;
const KEY_BYTES = 64;

/** Makes an empty store. */
export function createMemoryStore(options: StoreOptions): SessionStore {
  const { idleMs, maxAgeMs, limit, now, maxBytes = HEAP_BYTES / 4 } = options;
  const byId = new Parts<Entry>();
  const byOwner = new Parts<readonly Entry[]>();
  const byBirth = new Line<Entry>();
  // Strangers' go before any user's, so that a flood of visitors without cookies logs nobody out.
  const strangers = { byUse: new Line<Entry>(), count: 0, bytes: 0 };
  const users = { byUse: new Line<Entry>(), count: 0, bytes: 0 };
  const groupOf = ({ owner }: Entry) => (owner === undefined ? strangers : users);
  const ownedBy = (owner: string) => byOwner.of(owner).get(owner) ?? [];
  const isOver = ({ seenAt, createdAt }: Entry, at: number) =>
    at - seenAt >= idleMs || at - createdAt >= maxAgeMs;

  /** Adds a session, in place of the old one if there is one. */
  function add(owner: string | undefined, data: Data, at: number, old?: Entry): Stored {
    const weight = makeRoom(owner, data, at, old);
    if (old) remove(old);
    const id = newId();
    const entry: Entry = { id, owner, data, createdAt: at, seenAt: at, weight };
    byId.of(id).set(id, entry);
    if (owner !== undefined) byOwner.of(owner).set(owner, [...ownedBy(owner), entry]);
    entry.inBirth = byBirth.join(entry);
    const group = groupOf(entry);
    entry.inUse = group.byUse.join(entry);
    group.count += 1;
    group.bytes += weight;
    return snapshot(entry);
  }

  function remove(entry: Entry): void {
    const { id, owner, weight } = entry;
    byId.of(id).delete(id);
    if (owner !== undefined) {
      const others = ownedBy(owner).filter((other) => other !== entry);
      if (others.length > 0) byOwner.of(owner).set(owner, others);
      else byOwner.of(owner).delete(owner);
    }
    entry.inBirth?.leave();
    entry.inUse?.leave();
    groupOf(entry).count -= 1;
    groupOf(entry).bytes -= weight;
  }

  /** The session of that id, unless it is over: then it is forgotten. */
  function live(id: string, at: number): Entry | undefined {
    const entry = byId.of(id).get(id);
    if (entry === undefined || !isOver(entry, at)) return entry;
    remove(entry);
    return undefined;
  }

  function sweep(most: number, at: number): number {
    let count = 0;
    for (const line of [strangers.byUse, users.byUse, byBirth]) {
      for (let { holder } = line.first; holder && isOver(holder, at); holder = line.first.holder) {
        if (count === most) return count;
        remove(holder);
        count += 1;
      }
    }
    return count;
  }

  /**
   * Makes room for a session with that data, which takes the place of `old` if there is one.
   * @returns what the session weighs
   * @throws SessionsFull before anybody has lost a session in vain
   */
  function makeRoom(owner: string | undefined, data: Data, at: number, old?: Entry): number {
    const weight = weightOf(data);
    const isFull = () =>
      strangers.count + users.count + (old ? 0 : 1) > limit ||
      strangers.bytes + users.bytes + weight - (old?.weight ?? 0) > maxBytes;
    while (isFull() && sweep(1, at) > 0);
    // A stranger takes no user's place.
    const fixed = owner === undefined ? users : { count: 0, bytes: 0 };
    if (fixed.count >= limit || fixed.bytes + weight > maxBytes) {
      throw new SessionsFull('there is no room for this session');
    }
    if (owner !== undefined) keepShare(owner, weight, old);
    for (const { byUse } of owner === undefined ? [strangers] : [strangers, users]) {
      for (let place = byUse.first; place.holder && isFull(); place = place.after) {
        if (place.holder !== old) remove(place.holder);
      }
    }
    return weight;
  }

  /** Past an owner's share, the least recently used of their other sessions go. */
  function keepShare(owner: string, weight: number, old: Entry | undefined): void {
    const others = ownedBy(owner).filter((entry) => entry !== old);
    let bytes = others.reduce((sum, entry) => sum + entry.weight, weight);
    let count = others.length + 1;
    for (const last of others.sort((one, other) => one.seenAt - other.seenAt)) {
      if (count <= MOST_PER_OWNER && bytes <= maxBytes * OWNERS_SHARE) return;
      remove(last);
      count -= 1;
      bytes -= last.weight;
    }
  }

  async function end(id: string): Promise<boolean> {
    const entry = live(id, now());
    if (entry) remove(entry);
    return entry !== undefined;
  }

  return {
    async load(id) {
      const at = now();
      const entry = live(id, at);
      if (entry === undefined) return undefined;
      entry.seenAt = at;
      entry.inUse?.leave();
      entry.inUse = groupOf(entry).byUse.join(entry);
      return snapshot(entry);
    },

    create: async (changes) => add(undefined, applied(new Map(), changes), now()),

    async renew(id, owner, changes) {
      const at = now();
      const old = id === undefined ? undefined : live(id, at);
      const kept = old && inherits(old, owner) ? old.data : new Map();
      return add(owner, applied(kept, changes), at, old);
    },

    async save(id, changes) {
      const at = now();
      const entry = live(id, at);
      if (entry === undefined) return false;
      const data = applied(entry.data, changes);
      const weight = makeRoom(entry.owner, data, at, entry);
      groupOf(entry).bytes += weight - entry.weight;
      Object.assign(entry, { data, weight });
      return true;
    },

    end,

    async endOwned(owner, handle) {
      const entry = ownedBy(owner).find(({ id }) => handleOf(id) === handle);
      return entry !== undefined && end(entry.id);
    },

    async ownedBy(owner) {
      const mine = ownedBy(owner).filter((entry) => !isOver(entry, now()));
      return mine.map(({ id, createdAt, seenAt }) => ({ handle: handleOf(id), createdAt, seenAt }));
    },

    sweep: async (most) => sweep(most, now()),

    get size() {
      return strangers.count + users.count;
    },
  };
}

function snapshot({ id, owner, data, createdAt, seenAt }: Entry): Stored {
  return { id, owner, data, createdAt, seenAt };
}

/** Roughly, in bytes: a character takes one or two; what is no text is as large as its JSON. */
function weightOf(data: Data): number {
  let bytes = SESSION_BYTES;
  for (const [key, value] of data) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    bytes += KEY_BYTES + 2 * (key.length + text.length);
  }
  return bytes;
}
