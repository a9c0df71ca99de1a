/**
 * Makes a database ready for use: creates what is missing of it by `sql/schema.sql` and
 * `sql/seed.sql`, which may run any number of times. A user who may not create tables will do, as
 * long as somebody else has made them.
 */
import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, createConnection } from 'mysql2/promise';
import { within } from '../semaphore.ts';
import { openSocket, SETTINGS } from './connect.ts';
import { errnoOf, isContended, isDenied, NO_DATABASE, NO_TABLE } from './errors.ts';

const FOLDER = new URL('../../sql/', import.meta.url);
/** For one script, in ms. */
const APPLY_MS = 5000;

/**
 * Creates what is missing: the database, its tables, and their first rows.
 * @param options where the database is; `options.database` is created when it is missing
 * @returns which right is missing, in the database's words; empty if none is
 * @throws Overdue, or what mysql2 throws
 */
export async function applySchema(options: ConnectionOptions): Promise<string> {
  const { database = '', ...server } = options;
  const schema = await readFile(new URL('schema.sql', FOLDER), 'utf8');
  const seed = await readFile(new URL('seed.sql', FOLDER), 'utf8');
  const tables = schema.matchAll(/^CREATE TABLE IF NOT EXISTS (\w+)/gm);
  const look = Array.from(tables, ([, table]) => `SELECT 1 FROM ${table} LIMIT 0`).join(';\n');
  const use = `USE \`${database.replaceAll('`', '``')}\``;
  const create = use.replace('USE', 'CREATE DATABASE IF NOT EXISTS') + ' CHARACTER SET utf8mb4';

  // The socket is ours, to be closed whatever happens: mysql2 leaves it open when it was refused.
  const stream = openSocket(server);
  try {
    const connection = await createConnection({ ...server, stream, multipleStatements: true });
    // Told by the query that meets it; the event alone would end the process.
    connection.on('error', () => {});
    const run = (script: string) => within(connection.query(script), APPLY_MS);
    const runUnless = (errno: number, script: string, otherwise: string) =>
      run(script).catch((error) => {
        if (errnoOf(error) !== errno) throw error;
        return run(otherwise);
      });
    for (const setting of SETTINGS) connection.query(setting).catch(() => {});
    await runUnless(NO_DATABASE, use, `${create}; ${use}`);
    // Where all is there, nothing is created: in a cluster that would make everybody wait.
    await runUnless(NO_TABLE, look, schema);
    try {
      // Also where nothing is left to insert, this finds out whether we may.
      await run(seed);
      return '';
    } catch (error) {
      // What is there can be read, also where we may not write, or somebody is at work. A server
      // where nobody may is no place for us: after a failover it is another's turn.
      if (isDenied(error)) return error.message;
      if (isContended(error)) return '';
      throw error;
    }
  } finally {
    stream.destroy();
  }
}
