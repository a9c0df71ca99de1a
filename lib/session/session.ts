/**
 * What a handler holds: `get`, `set`, `has` and `delete`, as `session[...]` in Flask. Reading sees what the
 * store holds and what this request has changed; changing is only noted down, and `sessions.ts` stores it
 * when the handler is done. The data lies in a Map, apart from the methods, so no key can shadow anything.
 */
import type { Changes, Stored } from './store.ts';

/** One visitor's session for the length of one request. `Data` says which key holds what. */
export interface Session<Data> {
  /** Whether the server holds a session for this browser; setting something makes one at `close`. */
  readonly exists: boolean;
  get<K extends keyof Data & string>(key: K): Data[K] | undefined;
  has(key: keyof Data & string): boolean;
  set<K extends keyof Data & string>(key: K, value: Data[K] & {}): void;
  /** False when there was no such key. */
  delete(key: keyof Data & string): boolean;
  /** Every key and value. */
  entries(): Map<string, unknown>;
  /**
   * A new id for whoever has just proved who they are, so that an id planted before is worth nothing
   * (ASVS 5, 7.2.4). The data is kept, the old id is dead.
   */
  renew(owner: string): void;
  /** Ends the session on the server and takes the cookie back (ASVS 5, 7.4.1). */
  end(): void;
  /** When it began and when it will end, wall clock; `undefined` when there is none. */
  times(): SessionTimes | undefined;
}

export interface SessionTimes {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

/** What became of a session during a request, for `close`. */
export interface Outcome {
  readonly stored: Stored | undefined;
  readonly changes: Changes;
  /** Set by `renew`. */
  readonly owner: string | undefined;
  readonly ended: boolean;
}

const NO_CHANGES: Changes = new Map();

/**
 * Makes what the handler holds, and what `close` reads afterwards.
 * @param times from the store's record to wall-clock times
 */
export function createSession<Data>(
  stored: Stored | undefined,
  times: (stored: Stored) => SessionTimes,
): { session: Session<Data>; outcome: () => Outcome } {
  // Made by the first write: most requests only read.
  let changes: Map<string, unknown> | undefined;
  let owner: string | undefined;
  let ended = false;

  function read(key: string): unknown {
    return changes?.has(key) ? changes.get(key) : stored?.data.get(key);
  }

  function note(key: string, value: unknown): void {
    changes ??= new Map();
    changes.set(key, value);
  }

  const session: Session<Data> = {
    exists: stored !== undefined,
    // The cast is sound as long as only `set` writes, and it takes nothing but `Data[K]`.
    get: <K extends keyof Data & string>(key: K) => read(key) as Data[K] | undefined,
    has: (key) => read(key) !== undefined,
    set: note,
    delete(key) {
      const had = read(key) !== undefined;
      if (had) note(key, undefined);
      return had;
    },
    entries() {
      const all = new Map(stored?.data);
      for (const [key, value] of changes ?? NO_CHANGES) {
        if (value === undefined) all.delete(key);
        else all.set(key, value);
      }
      return all;
    },
    renew(newOwner) {
      owner = newOwner;
    },
    end() {
      ended = true;
    },
    times: () => stored && times(stored),
  };
  const outcome = () => ({ stored, changes: changes ?? NO_CHANGES, owner, ended });
  return { session, outcome };
}
