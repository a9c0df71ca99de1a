/**
 * A doubly linked list whose links lie in the items themselves: appending, and taking an item out
 * of the middle, cost the same however many there are. The session store keeps its order of last
 * use in it.
 */

/** What a queue keeps in each of its items. */
export interface Link {
  before: this | undefined;
  after: this | undefined;
}

/** Items in the order in which they were appended. */
export interface Queue<T extends Link> {
  first(): T | undefined;
  append(item: T): void;
  /** The item must be in this queue. */
  remove(item: T): void;
}

/** Makes an empty queue. */
export function createQueue<T extends Link>(): Queue<T> {
  let head: T | undefined;
  let tail: T | undefined;
  return {
    first: () => head,
    append(item) {
      item.before = tail;
      item.after = undefined;
      if (tail) tail.after = item;
      else head = item;
      tail = item;
    },
    remove(item) {
      if (item.before) item.before.after = item.after;
      else head = item.after;
      if (item.after) item.after.before = item.before;
      else tail = item.before;
      item.before = undefined;
      item.after = undefined;
    },
  };
}
