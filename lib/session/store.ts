/**
 * What the session layer asks of the place where sessions live. Its methods are async, so that a
 * store outside the process can take the place of the one in memory without a handler noticing.
 *
 * Writes come as changes, key by key, and only to a session that still lives. That is what makes
 * parallel requests lose nothing, and why a request in flight cannot bring a session back that was
 * ended meanwhile.
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

/** The session was ended elsewhere while a request was under way; nothing was stored. */
export class SessionEnded extends Error {
  constructor() {
    super('the session was ended meanwhile');
  }
}

/** No room, even without the sessions that may go in favour of this one. Later there may be. */
export class SessionsFull extends Error {}

/**
 * Whether a session for `owner` may take over what this one holds: not when it is somebody else's.
 */
export function inherits({ owner: before }: Stored, owner: string): boolean {
  return before === undefined || before === owner;
}

/** Where sessions live. */
export interface SessionStore {
  /** The live session of this id, now seen; `undefined` if there is none. */
  load(id: string): Promise<Stored | undefined>;
  /**
   * A new session that holds the changes. At a cap, strangers' sessions make room, the least
   * recently used first.
   * @throws SessionsFull
   */
  create(changes: Changes): Promise<Stored>;
  /**
   * A new session for `owner` in place of the old one, which is dead at once. What the old one held
   * goes along if `inherits` says so. At the cap, a stranger's session makes room, or else a
   * user's.
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
  /**
   * Forgets sessions that have been idle for too long; at most `most` of them. Returns how many.
   */
  sweep(most: number): number;
}
