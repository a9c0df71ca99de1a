/**
 * No request waits because many sessions are held: a line and a map in which no step costs more
 * when there are more of them. Neither knows what a session is.
 */

/** Things in the order in which they joined; they may leave from anywhere. */
export class Line<T extends object> {
  // A ring: the line's own place lies between the last and the first.
  readonly #end = new Place<T>();

  /** The first place; when nobody is in line, one that nobody holds. */
  get first(): Place<T> {
    return this.#end.after;
  }

  /** Puts somebody at the end. */
  join(holder: T): Place<T> {
    const place = new Place(holder);
    place.before = this.#end.before;
    place.after = this.#end;
    place.before.after = place;
    this.#end.before = place;
    return place;
  }
}

/** A place in a line; `after` leads to the next one, and in the end to one that nobody holds. */
export class Place<T extends object> {
  before: Place<T> = this;
  after: Place<T> = this;
  readonly holder: T | undefined;

  constructor(holder?: T) {
    this.holder = holder;
  }

  /** Called once. */
  leave(): void {
    this.before.after = this.after;
    this.after.before = this.before;
  }
}

/**
 * A Map in parts, by the key's first letter. A Map that grows moves all its entries at once, and
 * with 100,000 of them everybody waits, some 15 ms.
 */
export class Parts<T> {
  readonly #parts = Array.from({ length: 64 }, () => new Map<string, T>());

  of(key: string): Map<string, T> {
    // The remainder is in range; the fallback is for the type alone.
    return this.#parts[key.charCodeAt(0) % 64] ?? new Map();
  }
}
