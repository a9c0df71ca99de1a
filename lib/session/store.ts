/**
 * What the session layer asks of a session store: `memory-store.ts`, or one outside the process,
 * which is why its methods are async. Here is all that an implementer has to know.
 *
 * Writes come as patches, key by key, and apply only to a session that lives. So parallel requests
 * lose nothing, and a request in flight cannot bring back a session that was destroyed meanwhile.
 */

/** A value that JSON can hold: what is read from a store is what was written, in every store. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** Key → value as JSON text. */
export type SessionData = ReadonlyMap<string, string>;

/** Key → new value as JSON text, or `undefined` for a key that is deleted. */
export type Patch = ReadonlyMap<string, string | undefined>;

/** A session as it was when it was loaded: a later write does not change it. */
export interface SessionRecord {
  /** The store's key: 43 characters of base64url, from which the cookie cannot be made. */
  readonly handle: string;
  readonly data: SessionData;
  /** Times are in ms since 1970, by the store's own clock, which also decides what has expired. */
  readonly createdAt: number;
  readonly seenAt: number;
  /** The user, after a login. */
  readonly owner: string | undefined;
}

/** A session as its owner may see it. */
export type OwnedSession = Pick<SessionRecord, 'handle' | 'createdAt' | 'seenAt'>;

/** How long a session lives unused, and at all (OWASP: idle and absolute timeout), in ms. */
export interface Timeouts {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** A place where sessions live; `test/check/store.ts` has its tests. */
export interface SessionStore {
  /** The live session, and counts as its use; `undefined` if there is none. */
  load(handle: string): Promise<SessionRecord | undefined>;
  /** A new session, an anonymous visitor's without `owner`. @throws SessionsFull, SessionTooLarge */
  create(handle: string, owner: string | undefined, patch: Patch): Promise<void>;
  /**
   * The session becomes `owner`'s under the handle `next`, as new, with its data if `canInherit` says
   * so; the old handle is dead at once. False when the session has ended.
   */
  regenerate(handle: string, next: string, owner: string, patch: Patch): Promise<boolean>;
  /** Applies the patch; false when the session has ended. No use of it. @throws SessionTooLarge */
  patch(handle: string, patch: Patch): Promise<boolean>;
  /** False when there was none. */
  destroy(handle: string): Promise<boolean>;
  /** The owner's live sessions, oldest first. */
  ownedBy(owner: string): Promise<readonly OwnedSession[]>;
  /** Deletes expired sessions, `max` at most. @returns how many */
  sweep(max: number): Promise<number>;
}

/** To be thrown by a store outside the process that does not answer now. */
export class StoreUnavailable extends Error {}

/** The session was ended by another request; nothing was stored. */
export class SessionEnded extends Error {}

/** The store is full of sessions that may not be evicted for this one. */
export class SessionsFull extends Error {}

/** The session would hold more than MAX_SESSION_BYTES. */
export class SessionTooLarge extends Error {}

/** Of the data as one JSON object. */
export const MAX_SESSION_BYTES = 16_384;

/** Whether a session of `owner` may take over the data of an earlier one. */
export function canInherit(old: Pick<SessionRecord, 'owner'>, owner: string): boolean {
  return old.owner === undefined || old.owner === owner;
}

/** The data with the patch; the data itself does not change. */
export function applyPatch(data: SessionData, patch: Patch): SessionData {
  if (patch.size === 0) return data;
  const all = new Map(data);
  for (const [key, value] of patch) {
    if (value === undefined) all.delete(key);
    else all.set(key, value);
  }
  return all;
}

/** @throws SessionTooLarge, unless the data is smaller than `before` */
export function checkSize(data: SessionData, before: SessionData = new Map()): void {
  const sizeOf = (one: SessionData) => Buffer.byteLength(JSON.stringify(Object.fromEntries(one)));
  const bytes = sizeOf(data);
  if (bytes > MAX_SESSION_BYTES && bytes > sizeOf(before)) throw new SessionTooLarge();
}
