/**
 * What the session layer asks of a place where sessions live: `memory-store.ts`, or anything
 * outside the process, which is why its methods are async.
 *
 * Writes come as changes, key by key, and only to a session that still lives. That is what makes
 * parallel requests lose nothing, and why a request in flight cannot bring a session back that was
 * ended meanwhile.
 */
import { createHash, randomBytes } from 'node:crypto';

/** How many sessions one owner may have (ASVS 5, 7.1.2). */
export const MOST_PER_OWNER = 100;

/** Key → value, or `undefined` for a key that goes away. */
export type Changes = ReadonlyMap<string, unknown>;

/** The data with the changes; the data itself stays as it was. */
export function applied(data: Stored['data'], changes: Changes): Stored['data'] {
  const all = new Map(data);
  for (const [key, value] of changes) {
    if (value === undefined) all.delete(key);
    else all.set(key, value);
  }
  return all;
}

/** A session as it was when it was asked for. Times are in ms, by the store's own clock. */
export interface Stored {
  readonly id: string;
  readonly data: ReadonlyMap<string, unknown>;
  readonly createdAt: number;
  readonly seenAt: number;
  /** Whose it is, once somebody has logged in. */
  readonly owner: string | undefined;
}

/** A session as its owner may see it. */
export type OwnedSession = Pick<Stored, 'createdAt' | 'seenAt'> & { readonly handle: string };

/** A new session's id: 256 bits from the system's generator (ASVS 5, 7.2.3 and 11.5.1 ask for 128). */
export function newId(): string {
  return randomBytes(32).toString('base64url');
}

/** What a session is called in lists: the hash of its id, from which nobody gets back to it. */
export function handleOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** The session was ended elsewhere while a request was under way; nothing was stored. */
export class SessionEnded extends Error {}

/** No room, even without the sessions that may go in favour of this one. Later there may be. */
export class SessionsFull extends Error {}

/** Whether a session for `owner` may take over what an earlier one holds. */
export function inherits({ owner: before }: Pick<Stored, 'owner'>, owner: string): boolean {
  return before === undefined || before === owner;
}

/** Where sessions live. What it hands out does not change under whoever holds it. */
export interface SessionStore {
  /** The live session of this id, now seen; `undefined` if there is none. */
  load(id: string): Promise<Stored | undefined>;
  /**
   * A new session that holds the changes. At a cap, the stranger's least recently used makes room.
   * @throws SessionsFull
   */
  create(changes: Changes): Promise<Pick<Stored, 'id'>>;
  /**
   * A new session for `owner` in place of the old one, which is dead at once. What the old one held
   * goes along if `inherits` says so. At a cap, strangers' sessions make room, then users'.
   * @throws SessionsFull; then the old one lives on
   */
  renew(id: string | undefined, owner: string, changes: Changes): Promise<Pick<Stored, 'id'>>;
  /** Applies the changes; false when the session has ended. @throws SessionsFull */
  save(id: string, changes: Changes): Promise<boolean>;
  /** Ends a session; false when there was none. */
  end(id: string): Promise<boolean>;
  /** An owner's live sessions, oldest first. */
  ownedBy(owner: string): Promise<readonly OwnedSession[]>;
  /** Ends the owner's session of that handle; false when there was none. */
  endOwned(owner: string, handle: string): Promise<boolean>;
  /** Forgets sessions that are over, at most `most` of them. Returns how many. */
  sweep(most: number): Promise<number>;
  /** How many are held, as far as is known. */
  readonly size: number;
}
