/**
 * What the session layer asks of the place where sessions live. Its methods are async, so that a store
 * outside the process can take the place of the one in memory without a handler noticing.
 *
 * Writes come as changes, key by key, and only to a session that still lives. That is what makes parallel
 * requests lose nothing, and why a request in flight cannot bring a session back that was ended meanwhile.
 */

/** Key → value, or `undefined` for a key that goes away. */
export type Changes = ReadonlyMap<string, unknown>;

/** A session as the store holds it. Times are in ms, by the store's own clock. */
export interface Stored {
  readonly id: string;
  readonly data: ReadonlyMap<string, unknown>;
  readonly createdAt: number;
  readonly seenAt: number;
  /** Whose it is, once somebody has logged in. */
  readonly owner: string | undefined;
}

export interface SessionStore {
  /** The live session of this id, now seen; `undefined` if there is none. */
  load(id: string): Promise<Stored | undefined>;
  /** A new session that holds the changes. At the cap, the one least recently used makes room. */
  create(changes: Changes): Promise<Stored>;
  /**
   * A new session for `owner` in place of the old one, which is dead at once. What the old one held goes
   * along, unless it was somebody else's.
   */
  renew(id: string | undefined, owner: string, changes: Changes): Promise<Stored>;
  /** Applies the changes; false, and nothing done, when the session has ended. */
  save(id: string, changes: Changes): Promise<boolean>;
  /** Ends a session; false when there was none. */
  end(id: string): Promise<boolean>;
  /** An owner's live sessions, oldest first. */
  ownedBy(owner: string): Promise<readonly Stored[]>;
  /** How many are held. */
  readonly size: number;
  /** Forgets sessions that have been idle for too long; at most `most` of them. Returns how many. */
  sweep(most: number): number;
}
