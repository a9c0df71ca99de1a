/**
 * Many questions, one query. Under load many visitors ask at nearly the same time, each the same
 * question about another name. Those that arrive while the event loop turns once go out together:
 * the database is asked less often, and everybody is answered sooner. Whoever comes alone waits for
 * nobody.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Asks for several names at once. @returns those of them that exist */
export type Ask = (names: readonly string[]) => Promise<ReadonlySet<string>>;

interface Batch {
  readonly names: string[];
  readonly answer: Promise<ReadonlySet<string>>;
}

/**
 * Turns a question about many into a question about one.
 * @param most how many names go into one query
 * @returns whether the name exists; throws what `ask` throws, to everybody whose name was in that
 *   query
 */
export function createBatch(ask: Ask, most: number): (name: string) => Promise<boolean> {
  let filling: Batch | undefined;

  function begin(): Batch {
    const names: string[] = [];
    const answer = nextTurn().then(() => {
      if (filling?.names === names) filling = undefined;
      return ask(names);
    });
    return { names, answer };
  }

  return async (name) => {
    if (filling === undefined || filling.names.length >= most) filling = begin();
    filling.names.push(name);
    return (await filling.answer).has(name);
  };
}
