/**
 * What a handler holds: `get`, `set`, `has` and `delete`, as `session[...]` in Flask. Reading sees
 * what the store holds and what this request has changed; changing is only noted down, and
 * `sessions.ts` stores it when the handler is done. The data lies in a Map, apart from the methods,
 * so no key can shadow anything.
 */
import { applied, type Changes, inherits, type Stored } from './store.ts';
import type { TimesOf } from './times.ts';

const NOTHING: Changes = new Map();

/** One visitor's session for the length of one request. `Data` says which key holds what. */
export class Session<Data> {
  /** As the store held it when the request came. */
  readonly stored: Stored | undefined;
  /** By the wall clock; `undefined` when there is no session. */
  readonly times: () => ReturnType<TimesOf> | undefined;
  /** Set by `renew`. */
  newOwner: string | undefined;
  isEnded = false;
  #held: Stored['data'];
  // Made by the first write: most requests only read.
  #changes: Map<string, unknown> | undefined;

  constructor(stored: Stored | undefined, timesOf: TimesOf) {
    this.stored = stored;
    this.times = () => stored && timesOf(stored);
    this.#held = stored?.data ?? NOTHING;
  }

  /** Whether the server holds a session for this browser; `set` makes one when the handler ends. */
  get exists(): boolean {
    return this.stored !== undefined;
  }

  /** What was changed, for the store. */
  get changes(): Changes {
    return this.#changes ?? NOTHING;
  }

  /** Whether it was only read, so that there is nothing to store. */
  get isUnchanged(): boolean {
    return this.#changes === undefined && this.newOwner === undefined && !this.isEnded;
  }

  /** A copy: whatever the handler does with it, only `set` changes the session. */
  get<K extends keyof Data & string>(key: K): Data[K] | undefined {
    // Sound: only `set` writes, and it takes nothing but `Data[K]`.
    return copied(this.#read(key)) as Data[K] | undefined;
  }

  has(key: keyof Data & string): boolean {
    return this.#read(key) !== undefined;
  }

  set<K extends keyof Data & string>(key: K, value: Data[K] & {}): void {
    this.#change(key, copied(value));
  }

  /** False when there was no such key. */
  delete(key: keyof Data & string): boolean {
    const had = this.has(key);
    if (had) this.#change(key, undefined);
    return had;
  }

  /** Every key and value. */
  entries(): Map<string, unknown> {
    const all = applied(this.#held, this.changes);
    return new Map(Array.from(all, ([key, value]) => [key, copied(value)]));
  }

  /**
   * A new id for whoever has just proved who they are, so that an id planted before is worth
   * nothing (ASVS 5, 7.2.4). The old id is dead; the data is kept, unless it was another owner's.
   */
  renew(owner: string): void {
    this.newOwner = owner;
    if (this.stored && !inherits(this.stored, owner)) this.#held = NOTHING;
  }

  /** Ends the session on the server and takes the cookie back (ASVS 5, 7.4.1). */
  end(): void {
    this.isEnded = true;
  }

  #read(key: string): unknown {
    return this.#changes?.has(key) ? this.#changes.get(key) : this.#held.get(key);
  }

  #change(key: string, value: unknown): void {
    this.#changes ??= new Map();
    this.#changes.set(key, value);
  }
}

function copied(value: unknown): unknown {
  return typeof value === 'object' ? structuredClone(value) : value;
}
