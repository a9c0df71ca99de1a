/**
 * The pair around a handler: `open` loads the browser's session, `close` stores what has changed.
 * Nothing is created until something is written, and an id that is not alive is never adopted.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { SessionCookie } from './cookie.ts';
import { Session } from './session.ts';
import {
  handleOf,
  type Json,
  SessionEnded,
  type SessionRecord,
  type SessionStore,
} from './store.ts';

/** The sessions of the user who is logged in with this one. */
export type OwnSessions = ReturnType<typeof ownSessions>;

/** Expired sessions deleted at once: a fraction of a millisecond. */
const SWEEP_BATCH = 250;

/** Ties the store, which knows no browser, to the cookie, which knows no data. */
export function createSessions<Data extends { [K in keyof Data]: Json }>(
  store: SessionStore,
  cookie: SessionCookie,
) {
  let sweeping: Promise<void> | undefined;

  /** Stores the changes. @returns the id that the browser should hold from now on */
  async function save(session: Session<Data>): Promise<string | undefined> {
    const { record, patch, newOwner, isDestroyed } = session;
    if (isDestroyed) {
      if (record) await store.destroy(record.id);
      return undefined;
    }
    if (newOwner !== undefined) return (await store.regenerate(record?.id, newOwner, patch)).id;
    if (record === undefined) return (await store.create(patch)).id;
    if (await store.patch(record.id, patch)) return record.id;
    throw new SessionEnded();
  }

  /** @param header the request's Cookie header. @param secure whether the client speaks https */
  async function open(header: string, secure: boolean) {
    const ids = cookie.read(header, secure);
    // As a rule there is one cookie of ours; a browser may hold several.
    let record: SessionRecord | undefined;
    for (const id of ids) record ??= await store.load(id);
    const session = new Session<Data>(record);
    // A cookie that we did not sign is another program's on this host, and is left alone.
    const clear = () => (ids.length > 0 ? cookie.clear(secure) : undefined);
    /** For the reply to a request that fails as well. */
    const clearDeadCookie = record === undefined ? clear() : undefined;

    /** @returns the Set-Cookie value to send. @throws SessionEnded, SessionsFull, SessionTooLarge */
    async function close(): Promise<string | undefined> {
      if (session.isUnchanged) return clearDeadCookie;
      const id = await save(session);
      if (id === undefined) return clear();
      return id === record?.id ? undefined : cookie.issue(id, secure);
    }
    return { session, own: () => ownSessions(store, session), clearDeadCookie, close };
  }

  /** Deletes all expired sessions, batch by batch, so that no request waits for long. */
  function sweep(): Promise<void> {
    async function batches(): Promise<void> {
      while ((await store.sweep(SWEEP_BATCH)) === SWEEP_BATCH) await immediate();
    }
    sweeping ??= batches().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  }

  return { open, sweep };
}

/** List them, end one, end the others (ASVS 5, 7.4.2 and 7.5.2). Another user's are out of reach. */
function ownSessions<Data extends { [K in keyof Data]: Json }>(
  store: SessionStore,
  session: Session<Data>,
) {
  const { id = '', owner } = session.record ?? {};

  /** Oldest first; none for an anonymous visitor. @throws SessionEnded when this one has ended */
  async function list() {
    if (owner === undefined) return [];
    const all = (await store.ownedBy(owner)).map(({ handle, createdAt, seenAt }) => ({
      handle,
      createdAt: new Date(createdAt),
      lastSeenAt: new Date(seenAt),
      current: handle === handleOf(id),
    }));
    if (!all.some(({ current }) => current)) throw new SessionEnded();
    return all;
  }

  return {
    list,

    /** False when no session of the owner has this handle. */
    async destroyOne(handle: string): Promise<boolean> {
      const found = (await list()).find((one) => one.handle === handle);
      if (owner === undefined || found === undefined) return false;
      if (!found.current) return store.destroyOwned(owner, handle);
      session.destroy();
      return true;
    },

    /** Ends all but this one. */
    async destroyOthers(): Promise<void> {
      for (const { handle, current } of await list()) {
        if (owner !== undefined && !current) await store.destroyOwned(owner, handle);
      }
    },
  };
}
