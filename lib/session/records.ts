/**
 * The sessions that a memory store holds: found by id and by owner, in the order in which they go,
 * and within two caps, on their number and on what they weigh. What ends a session by time is told
 * from outside.
 */
import { createOrder } from './order.ts';
import { createOwners, type Owned } from './owners.ts';
import type { Link } from './queue.ts';
import { createShards } from './shards.ts';
import { type Changes, SessionsFull, type Stored } from './store.ts';
import { growth, SESSION_BYTES } from './weight.ts';

/** A session in memory. */
export interface Entry extends Stored, Link, Owned {
  readonly data: Map<string, unknown>;
  seenAt: number;
  /** What is counted for it, in bytes; 0 until it is held. */
  weight: number;
}

/** The two caps. */
export interface Caps {
  /** How many sessions. */
  readonly limit: number;
  /** How many bytes they take. */
  readonly maxBytes: number;
}

/** Whether a session is over at that time, in ms. */
export type IsOver = (session: Stored, at: number) => boolean;

/** What holds the sessions. */
export interface Records {
  readonly size: number;
  get(id: string): Entry | undefined;
  /** An owner's sessions, oldest first. */
  of(owner: string): Entry[];
  /**
   * Takes in a session, as the one used last, and its first data.
   * @throws SessionsFull when there is no room even without those that may go in its favour; then
   *   nothing has changed
   */
  add(entry: Entry, data: Changes, at: number): void;
  /** Notes that a session is used now. */
  touch(entry: Entry): void;
  /**
   * Applies changes to the data of a session that is in.
   * @throws SessionsFull as `add` does
   */
  change(entry: Entry, changes: Changes, at: number): void;
  remove(entry: Entry): void;
  /** Removes sessions that are over at that time, at most so many; returns how many. */
  sweep(most: number, at: number): number;
}

/** How many sessions one owner may have (ASVS 5, 7.1.2), and which part of all bytes. */
const MOST_PER_OWNER = 100;
const OWNERS_SHARE = 1 / 1000;

/** Makes an empty one. */
export function createRecords({ limit, maxBytes }: Caps, isOver: IsOver): Records {
  const byId = createShards<Entry>();
  const owners = createOwners<Entry>();
  const order = createOrder<Entry>();
  /** What strangers' sessions and users' come to. */
  const strangers = { count: 0, bytes: 0 };
  const users = { count: 0, bytes: 0 };
  const tallyOf = ({ owner }: Entry) => (owner === undefined ? strangers : users);

  function remove(entry: Entry): void {
    byId.delete(entry.id);
    owners.remove(entry);
    order.remove(entry);
    tallyOf(entry).count -= 1;
    tallyOf(entry).bytes -= entry.weight;
  }

  function sweep(most: number, at: number): number {
    for (let count = 0; count < most; count += 1) {
      // In the order of last use the idle ones are in front.
      const over = order.oldest().find((entry) => entry && isOver(entry, at));
      if (over === undefined) return count;
      remove(over);
    }
    return most;
  }

  /** Makes room for an entry that grows by `more` bytes: its owner's own go first, then others. */
  function makeRoom(entry: Entry, sessions: number, more: number, at: number): void {
    const isFull = () =>
      byId.size + sessions > limit || strangers.bytes + users.bytes + more > maxBytes;
    while (isFull() && sweep(1, at) > 0);
    // A stranger takes no user's place. That is found out before others lose theirs in vain.
    const fixed = entry.owner === undefined ? users : { count: 0, bytes: 0 };
    if (fixed.count >= limit || fixed.bytes + entry.weight + more > maxBytes) {
      throw new SessionsFull('there is no room for this session');
    }
    keepShare(entry, more);
    while (isFull()) {
      const next = order.next(entry.owner !== undefined, entry);
      if (next === undefined) return;
      remove(next);
    }
  }

  /** Past an owner's share, the least recently used of their other sessions go. */
  function keepShare(entry: Entry, more: number): void {
    const all = entry.owner === undefined ? [] : owners.of(entry.owner);
    const others = all.filter((other) => other !== entry).sort((a, b) => b.seenAt - a.seenAt);
    let bytes = others.reduce((sum, { weight }) => sum + weight, entry.weight + more);
    while (others.length >= MOST_PER_OWNER || bytes > maxBytes * OWNERS_SHARE) {
      const last = others.pop();
      if (last === undefined) return;
      remove(last);
      bytes -= last.weight;
    }
  }

  function apply(entry: Entry, changes: Changes, more: number): void {
    entry.weight += more;
    tallyOf(entry).bytes += more;
    for (const [key, value] of changes) {
      if (value === undefined) entry.data.delete(key);
      else entry.data.set(key, value);
    }
  }

  return {
    get size() {
      return byId.size;
    },
    get: byId.get,
    of: owners.of,
    touch: order.touch,
    remove,
    sweep,
    add(entry, data, at) {
      const more = SESSION_BYTES + growth(entry.data, data);
      makeRoom(entry, 1, more, at);
      byId.set(entry.id, entry);
      owners.add(entry);
      order.append(entry);
      tallyOf(entry).count += 1;
      apply(entry, data, more);
    },
    change(entry, changes, at) {
      const more = growth(entry.data, changes);
      makeRoom(entry, 0, more, at);
      apply(entry, changes, more);
    },
  };
}
