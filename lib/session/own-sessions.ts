/**
 * A user's own sessions: list them, end one, end all the others (ASVS 5, 7.4.2 and 7.5.2). Whoever
 * asks does so with a session that still lives, and reaches only sessions of the same owner.
 */
import type { Session, SessionTimes } from './session.ts';
import { handleOf, type OwnedSession, SessionEnded, type SessionStore } from './store.ts';

/** One of a user's sessions, for showing: the handle names it and gives nothing away. */
export interface SessionListing {
  readonly handle: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly current: boolean;
}

/** From the store's times to those of the wall clock. */
export type TimesOf = (session: Omit<OwnedSession, 'handle'>) => SessionTimes;

/** What a session that is open may do to its owner's sessions. */
export class OwnSessions {
  readonly #store: SessionStore;
  readonly #session: Pick<Session<unknown>, 'stored' | 'end'>;
  readonly #timesOf: TimesOf;

  constructor(
    store: SessionStore,
    session: Pick<Session<unknown>, 'stored' | 'end'>,
    timesOf: TimesOf,
  ) {
    this.#store = store;
    this.#session = session;
    this.#timesOf = timesOf;
  }

  /**
   * The sessions of the one that owns this one, oldest first; none for a stranger.
   * @throws SessionEnded when this one was ended meanwhile; so do the others
   */
  async list(): Promise<SessionListing[]> {
    const { owner, handle: current } = this.#current();
    if (owner === undefined) return [];
    const found = await this.#store.ownedBy(owner);
    if (!found.some(({ handle }) => handle === current)) {
      throw new SessionEnded('the session was ended meanwhile');
    }
    return found.map((one) => {
      const { createdAt, lastSeenAt } = this.#timesOf(one);
      return { handle: one.handle, createdAt, lastSeenAt, current: one.handle === current };
    });
  }

  /** Ends the session of that handle if it has the same owner; false otherwise. */
  async endOne(handle: string): Promise<boolean> {
    const found = (await this.list()).find((one) => one.handle === handle);
    if (!found?.current) return found !== undefined && (await this.#end(handle));
    this.#session.end();
    return true;
  }

  /** Ends all of the owner's sessions but this one. */
  async endOthers(): Promise<void> {
    for (const { handle, current } of await this.list()) if (!current) await this.#end(handle);
  }

  #current() {
    const { stored } = this.#session;
    return { owner: stored?.owner, handle: stored && handleOf(stored.id) };
  }

  async #end(handle: string): Promise<boolean> {
    return await this.#store.endOwned(this.#current().owner ?? '', handle);
  }
}
