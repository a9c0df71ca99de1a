/**
 * What a handler holds: `get`, `set`, `has` and `delete`, as `session[...]` in Flask, on the loaded
 * session with this request's own changes. The data lies in a Map, so no key can shadow a method.
 */
import {
  applyPatch,
  canInherit,
  type Json,
  type SessionData,
  type SessionRecord,
} from './store.ts';

/** One visitor's session for the length of one request. `Data` says which key holds what. */
export class Session<Data extends { [K in keyof Data]: Json }> {
  /** As the store held it when the request came; `undefined` when there was none. */
  readonly record: SessionRecord | undefined;
  /** Set by `regenerate`. */
  newOwner: string | undefined;
  isDestroyed = false;
  /** What was changed, for the store. */
  readonly patch = new Map<string, string | undefined>();
  #data: SessionData;

  constructor(record: SessionRecord | undefined) {
    this.record = record;
    this.#data = record?.data ?? new Map();
  }

  /** Whether the server holds a session for this browser; the first `set` creates one. */
  get exists(): boolean {
    return this.record !== undefined;
  }

  /** A copy: only `set` changes the session. */
  get<K extends keyof Data & string>(key: K): Data[K] | undefined {
    const text = this.#read(key);
    // Sound: only `set` writes, and it takes nothing but `Data[K]`.
    return text === undefined ? undefined : (JSON.parse(text) as Data[K]);
  }

  has(key: keyof Data & string): boolean {
    return this.#read(key) !== undefined;
  }

  /** @throws TypeError for a value that JSON does not know */
  set<K extends keyof Data & string>(key: K, value: Data[K] & Json): void {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`no JSON for session[${key}]`);
    this.patch.set(key, text);
  }

  /** False when there was no such key. */
  delete(key: keyof Data & string): boolean {
    const had = this.has(key);
    if (had) this.patch.set(key, undefined);
    return had;
  }

  /** Every key and value, sorted by key: a database keeps them in an order of its own. */
  entries(): [key: string, value: Json][] {
    const all = Array.from(applyPatch(this.#data, this.patch)).sort(([a], [b]) => (a < b ? -1 : 1));
    return all.map(([key, text]) => [key, JSON.parse(text)]);
  }

  /** A new id at login (ASVS 5, 7.2.4): the old one is dead; the data is kept, if it was not another's. */
  regenerate(owner: string): void {
    this.newOwner = owner;
    if (this.record && !canInherit(this.record, owner)) this.#data = new Map();
  }

  /** Ends the session on the server and clears the cookie (ASVS 5, 7.4.1). */
  destroy(): void {
    this.isDestroyed = true;
  }

  #read(key: string): string | undefined {
    return this.patch.has(key) ? this.patch.get(key) : this.#data.get(key);
  }
}
