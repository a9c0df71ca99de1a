/**
 * The sessions that a memory store holds: found by id and by owner, in the order in which they go,
 * and within two caps, on their number and on what their data weighs. What ends a session by time
 * is told from outside.
 */
import { createOrder } from './order.ts';
import { createOwners, type Owned } from './owners.ts';
import type { Link } from './queue.ts';
import { createShards } from './shards.ts';
import { type Changes, SessionsFull, type Stored } from './store.ts';
import { growth } from './weight.ts';

/** A session in memory. */
export interface Entry extends Stored, Link, Owned {
  readonly data: Map<string, unknown>;
  seenAt: number;
  /** What is counted for its data, in bytes. */
  weight: number;
}

/** The two caps. */
export interface Caps {
  /** How many sessions. */
  readonly limit: number;
  /** How many bytes their data takes. */
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
   * @throws SessionsFull when no other may end in its favour; then nothing was taken in
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

/** Makes an empty one. */
export function createRecords({ limit, maxBytes }: Caps, isOver: IsOver): Records {
  const byId = createShards<Entry>();
  const owners = createOwners<Entry>();
  const order = createOrder<Entry>();
  let bytes = 0;

  function remove(entry: Entry): void {
    byId.delete(entry.id);
    owners.remove(entry);
    order.remove(entry);
    bytes -= entry.weight;
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

  /**
   * Makes room in favour of an entry: what is over goes first, then strangers, and users only for a
   * user.
   */
  function makeRoom(entry: Entry, sessions: number, more: number, at: number): void {
    while (byId.size + sessions > limit || bytes + more > maxBytes) {
      if (sweep(1, at) > 0) continue;
      const next = order.next(entry.owner !== undefined, entry);
      if (next === undefined) throw new SessionsFull('no session may end in favour of this one');
      remove(next);
    }
  }

  function apply(entry: Entry, changes: Changes, more: number): void {
    entry.weight += more;
    bytes += more;
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
      const more = growth(entry.data, data);
      makeRoom(entry, 1, more, at);
      byId.set(entry.id, entry);
      owners.add(entry);
      order.append(entry);
      apply(entry, data, more);
    },
    change(entry, changes, at) {
      const more = growth(entry.data, changes);
      makeRoom(entry, 0, more, at);
      apply(entry, changes, more);
    },
  };
}
