/**
 * What the session layer asks of a session store: `memory-store.ts`, or one outside the process,
 * which is why its methods are async. Here is all that an implementer has to know.
 *
 * Writes come as patches, key by key, and apply only to a session that lives. So parallel requests
 * lose nothing, and a request in flight cannot bring back a session that was destroyed meanwhile.
 */
import { createHash, randomBytes } from 'node:crypto';

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
  /** 43 characters of base64url: see `newId`. A store outside keeps its hash (`handleOf`). */
  readonly id: string;
  readonly data: SessionData;
  /** Times are in ms since 1970, by the store's own clock, which also decides what has expired. */
  readonly createdAt: number;
  readonly seenAt: number;
  /** The user, after a login. */
  readonly owner: string | undefined;
}

/** A session as its owner may see it. */
export type OwnedSession = Pick<SessionRecord, 'createdAt' | 'seenAt'> & {
  readonly handle: string;
};

/** How long a session lives unused, and at all (OWASP: idle and absolute timeout), in ms. */
export interface Timeouts {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** A place where sessions live. A method rejects when the store does not answer: that is 503. */
export interface SessionStore {
  /** The live session, and counts as its use; `undefined` if there is none. */
  load(id: string): Promise<SessionRecord | undefined>;
  /** A new anonymous session. @throws SessionsFull, SessionTooLarge */
  create(patch: Patch): Promise<{ id: string }>;
  /**
   * A new session for `owner` in place of the old one, which is dead at once, with its data if
   * `canInherit` says so. @throws SessionsFull; then the old one lives on
   */
  regenerate(id: string | undefined, owner: string, patch: Patch): Promise<{ id: string }>;
  /** Applies the patch; false when the session has ended. No use of it. @throws SessionTooLarge */
  patch(id: string, patch: Patch): Promise<boolean>;
  /** False when there was none. */
  destroy(id: string): Promise<boolean>;
  /** The owner's live sessions, oldest first. */
  ownedBy(owner: string): Promise<readonly OwnedSession[]>;
  /** Destroys the owner's session of that handle; false when there was none. */
  destroyOwned(owner: string, handle: string): Promise<boolean>;
  /** Deletes expired sessions, `max` at most. @returns how many */
  sweep(max: number): Promise<number>;
}

/** The session was ended by another request; nothing was stored. */
export class SessionEnded extends Error {}

/** The store is full of sessions that may not be evicted for this one. */
export class SessionsFull extends Error {}

/** The session would hold more than MAX_SESSION_BYTES. */
export class SessionTooLarge extends Error {}

/** Of the data as one JSON object. */
export const MAX_SESSION_BYTES = 16_384;

/** A session id: 256 random bits (ASVS 5, 7.2.3 and 11.5.1 ask for 128). */
export function newId(): string {
  return randomBytes(32).toString('base64url');
}

/** The session's name in lists: the SHA-256 of its id, from which the id cannot be found. */
export function handleOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

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
