/**
 * The pair around a handler. `open` finds the browser's session, `close` stores what the handler changed
 * and says which cookie to send. Nothing is created until something is written, and a cookie that is not
 * good is never adopted: its holder is a stranger, and gets a fresh id at the first write.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { SessionCookie } from './cookie.ts';
import { createSession, type Outcome, type Session, type SessionTimes } from './session.ts';
import type { SessionStore, Stored } from './store.ts';

/** One of a user's sessions, for showing: the handle names it and gives nothing away. */
export interface SessionListing {
  readonly handle: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly current: boolean;
}

/** The session was ended elsewhere while this request was under way; nothing was stored. */
export class SessionEnded extends Error {}

export interface Sessions<Data> {
  /**
   * @param header the request's Cookie header
   * @param secure whether the client spoke https
   */
  open(header: string | undefined, secure: boolean): Promise<OpenSession<Data>>;
}

export interface OpenSession<Data> {
  readonly session: Session<Data>;
  /**
   * Stores what the handler changed.
   * @returns the Set-Cookie value to send, if there is one
   * @throws SessionEnded when the session was ended meanwhile, and so nothing was stored
   */
  close(): Promise<string | undefined>;
  /** The sessions of the one that owns this one, oldest first; none for a stranger. */
  list(): Promise<SessionListing[]>;
  /** Ends the session of that handle if it has the same owner; false otherwise. */
  endOne(handle: string): Promise<boolean>;
  /** Ends all of the owner's sessions but this one. */
  endOthers(): Promise<void>;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly cookie: SessionCookie;
  readonly idleMs: number;
  readonly maxAgeMs: number;
  /** The store's clock, in ms. */
  readonly now: () => number;
}

const CLOCK_JITTER_MS = 50;

/** Ties the store, which knows no browser, to the cookie, which knows no data. */
export function createSessions<Data>(options: SessionsOptions): Sessions<Data> {
  const { store, cookie, idleMs, maxAgeMs, now } = options;
  const handleKey = randomBytes(32);

  let toWallClock = Number.NEGATIVE_INFINITY;
  function timesOf({ createdAt, seenAt }: Stored): SessionTimes {
    // The two clocks tick apart by a millisecond; only when the wall clock was set is it looked at anew.
    const offset = Date.now() - now();
    if (Math.abs(offset - toWallClock) > CLOCK_JITTER_MS) toWallClock = offset;
    const wallClock = (at: number) => new Date(at + toWallClock);
    return {
      createdAt: wallClock(createdAt),
      lastSeenAt: wallClock(seenAt),
      idleExpiresAt: wallClock(Math.min(seenAt + idleMs, createdAt + maxAgeMs)),
      expiresAt: wallClock(createdAt + maxAgeMs),
    };
  }

  // One way: from the handle nobody gets back to the id.
  function handleOf({ id }: Stored): string {
    const digest = createHmac('sha256', handleKey).update(id).digest();
    return digest.subarray(0, 16).toString('base64url');
  }

  async function find(header: string, secure: boolean): Promise<Stored | undefined> {
    for (const id of cookie.read(header, secure)) {
      const stored = await store.load(id);
      if (stored) return stored;
    }
    return undefined;
  }

  /** @returns the id that the browser should hold from now on; `undefined` for none */
  async function save({ stored, changes, owner, ended }: Outcome): Promise<string | undefined> {
    if (ended) {
      if (stored) await store.end(stored.id);
      return undefined;
    }
    if (owner !== undefined) return (await store.renew(stored?.id, owner, changes)).id;
    if (changes.size === 0) return stored?.id;
    if (stored === undefined) return (await store.create(changes)).id;
    if (await store.save(stored.id, changes)) return stored.id;
    throw new SessionEnded('the session was ended meanwhile');
  }

  return {
    async open(header = '', secure) {
      const stored = await find(header, secure);
      const { session, outcome } = createSession<Data>(stored, timesOf);
      const mine = async () =>
        stored?.owner === undefined ? [] : await store.ownedBy(stored.owner);
      return {
        session,
        async close() {
          const result = outcome();
          const id = await save(result);
          if (id !== undefined) return id === stored?.id ? undefined : cookie.issue(id, secure);
          const leftOver = result.ended || cookie.sent(header, secure);
          return leftOver ? cookie.clear(secure) : undefined;
        },
        async list() {
          const found = await mine();
          return found.map((record) => {
            const { createdAt, lastSeenAt } = timesOf(record);
            const current = record.id === stored?.id;
            return { handle: handleOf(record), createdAt, lastSeenAt, current };
          });
        },
        async endOne(handle) {
          const record = (await mine()).find((candidate) => handleOf(candidate) === handle);
          return record !== undefined && (await store.end(record.id));
        },
        async endOthers() {
          for (const { id } of await mine()) if (id !== stored?.id) await store.end(id);
        },
      };
    },
  };
}
