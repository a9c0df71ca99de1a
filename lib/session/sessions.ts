/**
 * The pair around a handler. `open` finds the browser's session, `close` stores what the handler
 * changed and says which cookie to send. Nothing is created until something is written, and an id
 * that is not alive is never adopted: its holder is a stranger, and gets a fresh one at the first
 * write.
 */
import type { SessionCookie } from './cookie.ts';
import { ownSessions } from './own-sessions.ts';
import { Session } from './session.ts';
import { SessionEnded, type SessionStore } from './store.ts';
import { createTimes, type Lives } from './times.ts';

/** What the layer ties together; `now` is the store's clock, in ms. */
export interface SessionsOptions extends Lives {
  readonly store: SessionStore;
  readonly cookie: SessionCookie;
  readonly now: () => number;
}

/** Ties the store, which knows no browser, to the cookie, which knows no data. */
export function createSessions<Data>({ store, cookie, now, ...lives }: SessionsOptions) {
  const timesOf = createTimes(lives, now);

  /** Stores what there is to store; gives the id that the browser should hold from now on. */
  async function save(session: Session<Data>): Promise<string | undefined> {
    const { stored, changes, newOwner, isEnded } = session;
    if (isEnded) {
      if (stored) await store.end(stored.id);
      return undefined;
    }
    if (newOwner !== undefined) return (await store.renew(stored?.id, newOwner, changes)).id;
    if (stored === undefined) return (await store.create(changes)).id;
    if (await store.save(stored.id, changes)) return stored.id;
    throw new SessionEnded('the session was ended meanwhile');
  }

  /**
   * Finds the session of a request's browser.
   * @param header the request's Cookie header
   * @param secure whether the client spoke https
   */
  async function open(header: string, secure: boolean) {
    const ids = cookie.read(header, secure);
    // There is one as a rule, but room for a hundred that we once signed: they are asked at once.
    const all = ids.map((id) => store.load(id));
    const [stored] = all.length > 1 ? (await Promise.all(all)).filter(Boolean) : [await all[0]];
    const session = new Session<Data>(stored, timesOf);
    // What we never signed is somebody else's cookie of the same name: another program's on this
    // host, say. What we signed and forgot is taken back. The price: an answer that took long may
    // clear a newer cookie, set by one that overtook it. Then the visitor is a stranger, as before.
    const isOurs = ids.length > 0;
    const clearing = isOurs && stored === undefined ? cookie.clear(secure) : undefined;
    return {
      session,
      /** Clears a dead cookie by an answer without `close`: a failed one. */
      clearing,
      /** The sessions of the one that owns this one. */
      own: () => ownSessions(store, session, timesOf),
      /**
       * Stores what the handler changed.
       * @returns the Set-Cookie value to send, if there is one
       * @throws SessionEnded for a change to a session that was ended meanwhile, and SessionsFull;
       *   then nothing was stored. A login makes a new session, whatever became of the old one
       */
      async close(): Promise<string | undefined> {
        if (session.isUnchanged) return clearing;
        const id = await save(session);
        if (id !== undefined) return id === stored?.id ? undefined : cookie.issue(id, secure);
        return isOurs ? cookie.clear(secure) : undefined;
      },
    };
  }

  return { open };
}
