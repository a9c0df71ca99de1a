/**
 * A user's own sessions: list them, end one, end all the others (ASVS 5, 7.4.2 and 7.5.2). Whoever
 * asks does so with a session that still lives, and reaches only sessions of the same owner.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Session, SessionTimes } from './session.ts';
import { SessionEnded, type SessionStore, type Stored } from './store.ts';

/** One of a user's sessions, for showing: the handle names it and gives nothing away. */
export interface SessionListing {
  readonly handle: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly current: boolean;
}

/** Each throws SessionEnded when the session that asks was ended meanwhile. */
export interface OwnSessions {
  /** The sessions of the one that owns this one, oldest first; none for a stranger. */
  list(): Promise<SessionListing[]>;
  /** Ends the session of that handle if it has the same owner; false otherwise. */
  endOne(handle: string): Promise<boolean>;
  /** Ends all of the owner's sessions but this one. */
  endOthers(): Promise<void>;
}

/** What a session that is open may do; `current` is its record, if the server holds one. */
export type OwnSessionsOf = (
  current: Stored | undefined,
  session: Pick<Session<unknown>, 'end'>,
) => OwnSessions;

/**
 * Makes what gives each open session its owner’s sessions.
 * @param timesOf from the store's record to wall-clock times
 */
export function createOwnSessions(
  store: SessionStore,
  timesOf: (stored: Stored) => SessionTimes,
): OwnSessionsOf {
  const handleKey = randomBytes(32);

  // One way: from the handle nobody gets back to the id.
  function handleOf({ id }: Stored): string {
    const digest = createHmac('sha256', handleKey).update(id).digest();
    return digest.subarray(0, 16).toString('base64url');
  }

  return (current, session) => {
    async function mine(): Promise<readonly Stored[]> {
      if (current?.owner === undefined) return [];
      const found = await store.ownedBy(current.owner);
      if (found.some(({ id }) => id === current.id)) return found;
      throw new SessionEnded();
    }

    return {
      async list() {
        const found = await mine();
        return found.map((stored) => {
          const { createdAt, lastSeenAt } = timesOf(stored);
          const isCurrent = stored.id === current?.id;
          return { handle: handleOf(stored), createdAt, lastSeenAt, current: isCurrent };
        });
      },
      async endOne(handle) {
        const found = (await mine()).find((stored) => handleOf(stored) === handle);
        if (found === undefined) return false;
        if (found.id !== current?.id) return await store.end(found.id);
        session.end();
        return true;
      },
      async endOthers() {
        for (const { id } of await mine()) if (id !== current?.id) await store.end(id);
      },
    };
  };
}
