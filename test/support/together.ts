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
 * Loads the test files of a folder, in the order of their names.
 * @param folder relative to `test/`
 * @param wanted which files, by name
 */
export async function runTogether(
  folder: string,
  wanted: (name: string) => boolean = () => true,
): Promise<void> {
  if (!isAskedFor) return;
  const url = new URL(`../${folder}/`, import.meta.url);
  const names = (await readdir(url)).filter((name) => name.endsWith('.test.ts') && wanted(name));
  if (names.length === 0) throw new Error(`no tests in ${folder}`);
  for (const name of names.sort()) await import(new URL(name, url).href);
}

/** Of the browser's tests, which mostly wait for it: two processes wait for half as long. */
export function isInFirstHalf(name: string): boolean {
  return name < 'pr';
}

/**
 * Tests that start programs of their own and mostly wait for them: they go beside those that
 * compute.
 */
export function startsPrograms(name: string): boolean {
  return /^(db|fault|start)-/.test(name);
}

/** Tests that are the same as others but for the store of sessions: in a process of their own. */
export function isApart(name: string): boolean {
  return name.startsWith('store-');
}
