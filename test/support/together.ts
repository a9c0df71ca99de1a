/**
 * Many test files in one process, for `npm test`. On its own, each file takes a second of processor
 * time before its first test: Node, tsx, the application, often a database or a browser. A bare
 * `node --test` runs each file on its own all the same, and so shows that none of them leans on
 * another.
 */
import { readdir } from 'node:fs/promises';

/** Set by `npm test`. Without it the files in `test/together/` hold no tests. */
const isAskedFor = process.env.TOGETHER !== undefined;

/**
 * Loads the test files of some folders, in the order of their names.
 * @param folders relative to `test/`
 * @param wanted which files, by name
 */
export async function runTogether(
  folders: readonly string[],
  wanted: (name: string) => boolean = () => true,
): Promise<void> {
  if (!isAskedFor) return;
  for (const folder of folders) {
    const url = new URL(`../${folder}/`, import.meta.url);
    const names = (await readdir(url)).filter((name) => name.endsWith('.test.ts') && wanted(name));
    if (names.length === 0) throw new Error(`no tests in ${folder}`);
    for (const name of names.sort()) await import(new URL(name, url).href);
  }
}

/** Of the page's tests, which mostly wait for the browser: two processes wait for half as long. */
export function isInFirstHalf(name: string): boolean {
  return name < 'pr';
}

/** The tests of sessions, once more with the other store: in a process of their own. */
export function isApart(name: string): boolean {
  return name === 'session-store.test.ts';
}
