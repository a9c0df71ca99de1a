/**
 * What a handler holds: `get`, `set`, `has` and `delete`, as `session[...]` in Flask. Reading sees
 * what the store holds and what this request has changed; changing is only noted down, and
 * `sessions.ts` stores it when the handler is done. The data lies in a Map, apart from the methods,
 * so no key can shadow anything.
 */
import { type Changes, inherits, type Stored } from './store.ts';

/** One visitor's session for the length of one request. `Data` says which key holds what. */
export interface Session<Data> {
  /**
   * Whether the server holds a session for this browser; setting something makes one at `close`.
   */
  readonly exists: boolean;
  get<K extends keyof Data & string>(key: K): Data[K] | undefined;
  has(key: keyof Data & string): boolean;
  set<K extends keyof Data & string>(key: K, value: Data[K] & {}): void;
  /** False when there was no such key. */
  delete(key: keyof Data & string): boolean;
  /** Every key and value. */
  entries(): Map<string, unknown>;
  /**
   * A new id for whoever has just proved who they are, so that an id planted before is worth
   * nothing (ASVS 5, 7.2.4). The old id is dead; the data is kept, unless it was another owner's.
   */
  renew(owner: string): void;
  /** Ends the session on the server and takes the cookie back (ASVS 5, 7.4.1). */
  end(): void;
  /** When it began and when it will end, wall clock; `undefined` when there is none. */
  times(): SessionTimes | undefined;
}

/** When a session began, was used, and ends; by the wall clock. */
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

/** What the handler holds, and `close` reads afterwards. */
export class RequestSession<Data> implements Session<Data>, Outcome {
  readonly exists: boolean;
  readonly stored: Stored | undefined;
  owner: string | undefined;
  ended = false;
  #held: Stored['data'] | undefined;
  // Made by the first write: most requests only read.
  #changes: Map<string, unknown> | undefined;
  readonly #timesOf: (stored: Stored) => SessionTimes;

  /**
   * @param stored the store's record, if there is one
   * @param timesOf from the record to wall-clock times
   */
  constructor(stored: Stored | undefined, timesOf: (stored: Stored) => SessionTimes) {
    this.exists = stored !== undefined;
    this.stored = stored;
    this.#held = stored?.data;
    this.#timesOf = timesOf;
  }

  /** Whether it was only read, so that there is nothing to store. */
  get isUnchanged(): boolean {
    return this.#changes === undefined && this.owner === undefined && !this.ended;
  }

  get changes(): Changes {
    return this.#changes ?? NO_CHANGES;
  }

  get<K extends keyof Data & string>(key: K): Data[K] | undefined {
    // The cast is sound as long as only `set` writes, and it takes nothing but `Data[K]`.
    return this.#read(key) as Data[K] | undefined;
  }

  has(key: string): boolean {
    return this.#read(key) !== undefined;
  }

  set(key: string, value: unknown): void {
    this.#changes ??= new Map();
    this.#changes.set(key, value);
  }

  delete(key: string): boolean {
    const had = this.has(key);
    if (had) this.set(key, undefined);
    return had;
  }

  entries(): Map<string, unknown> {
    const all = new Map(this.#held);
    for (const [key, value] of this.changes) {
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    }
    return all;
  }

  renew(owner: string): void {
    this.owner = owner;
    if (this.stored && !inherits(this.stored, owner)) this.#held = undefined;
  }

  end(): void {
    this.ended = true;
  }

  times(): SessionTimes | undefined {
    return this.stored && this.#timesOf(this.stored);
  }

  #read(key: string): unknown {
    return this.#changes?.has(key) ? this.#changes.get(key) : this.#held?.get(key);
  }
}
