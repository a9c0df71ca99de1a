/**
 * Whose sessions are which. Most owners have just one, and a Set for each would weigh half as much
 * as the session: so the newest is found by the owner's name, and each one leads to the one before
 * it.
 */
import { createShards } from './shards.ts';

/** What `Owners` keeps in each session itself. */
export interface Owned {
  readonly owner: string | undefined;
  /** The same owner's session before this one. */
  older: this | undefined;
}

/** The sessions of each owner. */
export interface Owners<T extends Owned> {
  /** An owner's sessions, oldest first. */
  of(owner: string): T[];
  /** Takes in a session; one without an owner is left alone, here and in `remove`. */
  add(session: T): void;
  remove(session: T): void;
}

/** Makes an empty list of owners. */
export function createOwners<T extends Owned>(): Owners<T> {
  const newest = createShards<T>();

  function of(owner: string): T[] {
    const sessions: T[] = [];
    for (let session = newest.get(owner); session; session = session.older) sessions.push(session);
    return sessions.reverse();
  }

  return {
    of,
    add(session) {
      if (session.owner === undefined) return;
      session.older = newest.get(session.owner);
      newest.set(session.owner, session);
    },
    remove(session) {
      if (session.owner === undefined) return;
      let newer = newest.get(session.owner);
      if (newer !== session) {
        while (newer && newer.older !== session) newer = newer.older;
        if (newer) newer.older = session.older;
      } else if (session.older) {
        newest.set(session.owner, session.older);
      } else {
        newest.delete(session.owner);
      }
    },
  };
}
