/**
 * The pair around a handler. `open` finds the browser's session, `close` stores what the handler
 * changed and says which cookie to send. Nothing is created until something is written, and an id
 * that is not alive is never adopted: its holder is a stranger, and gets a fresh one at the first
 * write.
 */
import type { SessionCookie } from './cookie.ts';
import { type OwnSessions, ownSessions, type TimesOf } from './own-sessions.ts';
import { type Outcome, Session, type SessionTimes } from './session.ts';
import { SessionEnded, type SessionStore, type Stored } from './store.ts';

/** A session while one request is answered. */
export interface OpenSession<Data> {
  readonly session: Session<Data>;
  /** The sessions of the one that owns this one. */
  readonly own: () => OwnSessions;
  /** The Set-Cookie value that clears a dead cookie, for an answer without `close`: a failed one. */
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
export class Sessions<Data> {
  readonly #options: SessionsOptions;
  /** What the store's clock lacks to the wall clock, in ms. */
  #offset = Number.NEGATIVE_INFINITY;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /**
   * Finds the session of a request's browser.
   * @param header the request's Cookie header
   * @param secure whether the client spoke https
   */
  async open(header = '', secure: boolean): Promise<OpenSession<Data>> {
    const { store, cookie } = this.#options;
    const ids = cookie.read(header, secure);
    let stored: Stored | undefined;
    for (const id of ids) stored ??= await store.load(id);
    const timesOf: TimesOf = (times) => this.#timesOf(times);
    const session = new Session<Data>(stored, timesOf);
    // What we never signed is somebody else's cookie of the same name: another program's on this
    // host, say. What we signed and forgot is taken back. The price: an answer that took long may
    // clear a newer cookie, set by one that overtook it. Then the visitor is a stranger, as before.
    const isOurs = ids.length > 0;
    const clearing = isOurs && stored === undefined ? cookie.clear(secure) : undefined;
    return {
      session,
      clearing,
      own: () => ownSessions(store, session, timesOf),
      async close() {
        if (session.isUnchanged) return clearing;
        const id = await save(store, session);
        if (id !== undefined) return id === stored?.id ? undefined : cookie.issue(id, secure);
        return isOurs ? cookie.clear(secure) : undefined;
      },
    };
  }

  #timesOf({ createdAt, seenAt }: Parameters<TimesOf>[0]): SessionTimes {
    const { idleMs, maxAgeMs, now } = this.#options;
    // The two clocks tick apart by a millisecond; only when the wall clock was set does it count.
    const offset = Date.now() - now();
    if (Math.abs(offset - this.#offset) > CLOCK_JITTER_MS) this.#offset = offset;
    const wallClock = (at: number) => new Date(at + this.#offset);
    return {
      createdAt: wallClock(createdAt),
      lastSeenAt: wallClock(seenAt),
      idleExpiresAt: wallClock(Math.min(seenAt + idleMs, createdAt + maxAgeMs)),
      expiresAt: wallClock(createdAt + maxAgeMs),
    };
  }
}

/**
 * Stores what there is to store.
 * @returns the id that the browser should hold from now on; `undefined` for none
 */
async function save(
  store: SessionStore,
  { stored, changes, newOwner, isEnded }: Outcome,
): Promise<string | undefined> {
  if (isEnded) {
    if (stored) await store.end(stored.id);
    return undefined;
  }
  if (newOwner !== undefined) return (await store.renew(stored?.id, newOwner, changes)).id;
  if (stored === undefined) return (await store.create(changes)).id;
  if (await store.save(stored.id, changes)) return stored.id;
  throw new SessionEnded('the session was ended meanwhile');
}
