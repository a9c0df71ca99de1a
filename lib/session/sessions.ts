/**
 * The pair around a handler. `open` finds the browser's session, `close` stores what the handler
 * changed and says which cookie to send. Nothing is created until something is written, and a
 * cookie that is not good is never adopted: its holder is a stranger, and gets a fresh id at the
 * first write.
 */
import type { SessionCookie } from './cookie.ts';
import { createOwnSessions, type OwnSessions } from './own-sessions.ts';
import { type Outcome, RequestSession, type Session, type SessionTimes } from './session.ts';
import { SessionEnded, type SessionStore, type Stored } from './store.ts';

/** Finds the session of a request’s browser. */
export interface Sessions<Data> {
  /**
   * @param header the request's Cookie header
   * @param secure whether the client spoke https
   */
  open(header: string | undefined, secure: boolean): Promise<OpenSession<Data>>;
}

/** A session while one request is answered. */
export interface OpenSession<Data> {
  readonly session: Session<Data>;
  /** The sessions of the one that owns this one. */
  readonly own: () => OwnSessions;
  /**
   * The Set-Cookie value that clears a dead cookie, for an answer without `close`: a failed one.
   */
  readonly clearing: string | undefined;
  /**
   * Stores what the handler changed.
   * @returns the Set-Cookie value to send, if there is one
   * @throws SessionEnded for a change to a session that was ended meanwhile, and SessionsFull; then
   *   nothing was stored. A login makes a new session, whatever became of the old one
   */
  close(): Promise<string | undefined>;
}

/** What the layer ties together, and how long sessions live, in ms. */
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
  const ownSessions = createOwnSessions(store, timesOf);

  let toWallClock = Number.NEGATIVE_INFINITY;
  function timesOf({ createdAt, seenAt }: Stored): SessionTimes {
    // The two clocks tick apart by a millisecond; only when the wall clock was set is it looked at
    // anew.
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

  /**
   * Stores what there is to store.
   * @returns the id that the browser should hold from now on; `undefined` for none
   */
  async function save({ stored, changes, owner, ended }: Outcome): Promise<string | undefined> {
    if (ended) {
      if (stored) await store.end(stored.id);
      return undefined;
    }
    if (owner !== undefined) return (await store.renew(stored?.id, owner, changes)).id;
    if (stored === undefined) return (await store.create(changes)).id;
    if (await store.save(stored.id, changes)) return stored.id;
    throw new SessionEnded();
  }

  return {
    async open(header = '', secure) {
      let stored: Stored | undefined;
      for (const id of cookie.read(header, secure)) stored ??= await store.load(id);
      const session = new RequestSession<Data>(stored, timesOf);
      // The price of clearing: an answer that took long may clear a newer cookie, set by an answer
      // that overtook it. Then the visitor is a stranger, as before.
      const isDead = stored === undefined && cookie.sent(header, secure);
      const clearing = isDead ? cookie.clear(secure) : undefined;
      return {
        session,
        clearing,
        async close() {
          if (session.isUnchanged) return clearing;
          const id = await save(session);
          if (id !== undefined) return id === stored?.id ? undefined : cookie.issue(id, secure);
          return cookie.clear(secure);
        },
        own: () => ownSessions(stored, session),
      };
    },
  };
}
