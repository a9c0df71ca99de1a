/**
 * A user reaches all of their own sessions, and nobody else's: list them, end one, end all the
 * others (ASVS 5, 7.4.2 and 7.5.2). Whoever asks does so with a session that still lives.
 */
import type { Session } from './session.ts';
import { handleOf, SessionEnded, type SessionStore } from './store.ts';
import type { TimesOf } from './times.ts';

export type OwnSessions = ReturnType<typeof ownSessions>;

/** The sessions of the owner of this one. Each method throws SessionEnded when this one has ended. */
export function ownSessions(
  store: SessionStore,
  session: Pick<Session<unknown>, 'stored' | 'end'>,
  timesOf: TimesOf,
) {
  const { id = '', owner = '' } = session.stored ?? {};

  /** Oldest first; none for a stranger. The handle names a session and gives nothing away. */
  async function list() {
    if (owner === '') return [];
    const found = (await store.ownedBy(owner)).map((one) => {
      const { createdAt, lastSeenAt } = timesOf(one);
      return { handle: one.handle, createdAt, lastSeenAt, current: one.handle === handleOf(id) };
    });
    if (found.some(({ current }) => current)) return found;
    throw new SessionEnded('the session was ended meanwhile');
  }

  return {
    list,

    /** Ends the session of that handle if it has the same owner; false otherwise. */
    async endOne(handle: string): Promise<boolean> {
      const found = (await list()).find((one) => one.handle === handle);
      if (!found?.current) return found !== undefined && (await store.endOwned(owner, handle));
      session.end();
      return true;
    },

    /** Ends all of the owner's sessions but this one. */
    async endOthers(): Promise<void> {
      for (const { handle, current } of await list()) {
        if (!current) await store.endOwned(owner, handle);
      }
    },
  };
}
