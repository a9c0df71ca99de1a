/**
 * Many questions, one query. Under load many ask at nearly the same time, each about another name.
 * Those that arrive while the event loop turns once go out together: the database is asked less
 * often, and everybody is answered sooner. Whoever comes alone waits for nobody.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

const SIZES = [1, 4, 16, 64];
/** A query asks about so many at most: whoever comes next is in the next query. */
const MOST = 64;

/**
 * Turns a question about many into a question about one.
 * @param ask asks about several at once; gives what tells the answer to each
 * @returns the answer; throws what `ask` throws, to everybody who was in that query
 */
export function createBatch<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<(item: Item) => Answer>,
): (item: Item) => Promise<Answer> {
  let filling: Item[] = [];
  let answer: Promise<(item: Item) => Answer>;

  return async (item) => {
    if (filling.length === 0 || filling.length >= MOST) {
      const items: Item[] = [];
      filling = items;
      answer = nextTurn().then(() => {
        if (filling === items) filling = [];
        return ask(items);
      });
    }
    filling.push(item);
    return (await answer)(item);
  };
}

/**
 * So many items as the next of four sizes, filled up with the first: then the database prepares
 * four statements, and not one for each number there is.
 */
export function padded<Item>(items: readonly Item[]): Item[] {
  const size = SIZES.find((candidate) => candidate >= items.length) ?? MOST;
  return [...items, ...Array(size - items.length).fill(items[0])];
}

/** A question mark for each item, for the SQL that asks about them. */
export function places(items: readonly unknown[]): string {
  return items.map(() => '?').join(', ');
}
