/**
 * Sessions in the database: what is tested of sessions over HTTP, and the random sequences against
 * the model, once more with the other store. In a process of its own, because the files learn from
 * the environment which store they are to use.
 */
import { readdir } from 'node:fs/promises';

process.env.TEST_STORE = 'database';

/** Their subject is the store in memory and its clock, or nothing that is stored. */
const LEFT_OUT = /^(?:memory-store|model|secret-key|sessions|wall-clock)\./;

const sessions = new URL('../session/', import.meta.url);
const names = (await readdir(sessions)).filter((name) => name.endsWith('.test.ts'));
for (const name of names.sort()) {
  if (!LEFT_OUT.test(name)) await import(new URL(name, sessions).href);
}
