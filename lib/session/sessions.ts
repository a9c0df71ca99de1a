/**
 * The pair around a handler: `open` loads the browser's session, `close` stores what has changed.
 * Nothing is created until something is written, and an id that is not alive is never adopted.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { SessionCookie, Token } from './cookie.ts';
import { Session } from './session.ts';
import { type Json, SessionEnded, type SessionRecord, type SessionStore } from './store.ts';

/** The sessions of the user who is logged in with this one. */
export type OwnSessions = ReturnType<typeof ownSessions>;

/** Expired sessions deleted at once: a fraction of a millisecond. */
const SWEEP_BATCH = 250;

/** Ties the store, which knows no browser, to the cookie, which knows no data. */
export function createSessions<Data extends { [K in keyof Data]: Json }>(
  store: SessionStore,
  cookie: SessionCookie,
) {
  let isSweeping = false;

  /** Stores the changes. @returns the token for the browser, if it is a new one */
  async function save(
    { record, patch, newOwner }: Session<Data>,
    handle: string | undefined,
  ): Promise<Token | undefined> {
    if (record && newOwner === undefined) {
      if (await store.patch(record.handle, patch)) return undefined;
      throw new SessionEnded();
    }
    if (handle !== undefined && newOwner !== undefined) {
      const next = cookie.successor(handle, newOwner);
      if (await store.regenerate(handle, next.handle, newOwner, patch)) return next;
      // A login sent twice: the other one was first, and this one joins its session.
      if (await store.patch(next.handle, patch)) return next;
    }
    const token = cookie.create();
    await store.create(token.handle, newOwner, patch);
    return token;
  }

  /** @param header the request's Cookie header. @param secure whether the client speaks https */
  async function open(header: string, secure: boolean) {
    const cookies = cookie.read(header, secure);
    let record: SessionRecord | undefined;
    for (const { handle } of cookies) record ??= await store.load(handle);
    const session = new Session<Data>(record);

    /** @returns the Set-Cookie values to send. @throws SessionEnded, SessionsFull, SessionTooLarge */
    async function close(): Promise<string[]> {
      const { patch, newOwner, isDestroyed } = session;
      if (isDestroyed) {
        for (const { handle } of cookies) await store.destroy(handle);
        return cookie.clear(cookies, secure);
      }
      if (patch.size === 0 && newOwner === undefined) return [];
      const token = await save(session, record?.handle ?? cookies[0]?.handle);
      if (token === undefined) return [];
      if (newOwner === undefined) return [cookie.issue(token, false, secure)];
      const visitors = cookies.filter(({ isUser }) => !isUser);
      return [cookie.issue(token, true, secure), ...cookie.clear(visitors, secure)];
    }
    return { session, own: () => ownSessions(store, session), close };
  }

  /** Deletes all expired sessions, batch by batch; does nothing while that is still going on. */
  async function sweep(): Promise<void> {
    if (isSweeping) return;
    isSweeping = true;
    try {
      while ((await store.sweep(SWEEP_BATCH)) === SWEEP_BATCH) await immediate();
    } finally {
      isSweeping = false;
    }
  }

  return { open, sweep };
}

/** List them, end one, end the others (ASVS 5, 7.4.2 and 7.5.2). Another user's are out of reach. */
function ownSessions(store: SessionStore, session: Pick<Session<never>, 'record' | 'destroy'>) {
  const { handle: ownHandle, owner } = session.record ?? {};

  /** Oldest first; none for an anonymous visitor. @throws SessionEnded when this one has ended */
  async function list() {
    if (owner === undefined) return [];
    const all = (await store.ownedBy(owner)).map(({ handle, createdAt, seenAt }) => ({
      handle,
      createdAt: new Date(createdAt),
      lastSeenAt: new Date(seenAt),
      current: handle === ownHandle,
    }));
    if (!all.some(({ current }) => current)) throw new SessionEnded();
    return all;
  }

  return {
    list,

    /** False when no session of the owner has this handle. */
    async destroyOne(handle: string): Promise<boolean> {
      const found = (await list()).find((one) => one.handle === handle);
      if (!found?.current) return found !== undefined && store.destroy(handle);
      session.destroy();
      return true;
    },

    /** Ends all but this one. */
    async destroyOthers(): Promise<void> {
      for (const { handle, current } of await list()) if (!current) await store.destroy(handle);
    },
  };
}
