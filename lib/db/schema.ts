/** Makes a database ready: creates what is missing by `sql/schema.sql` and `sql/seed.sql`. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2/promise';
import { withTimeout } from '../semaphore.ts';
import {
  DatabaseUnavailable,
  isDenied,
  isLocked,
  isRolledBack,
  isSchemaMissing,
} from './errors.ts';

const FOLDER = new URL('../../sql/', import.meta.url);
/** For one script. */
const APPLY_TIMEOUT_MS = 5000;

/** Settings of each connection. `SET NAMES` undoes what the server's `init_connect` may have set. */
const SETTINGS =
  // A lock that is not granted ends at the server before our timeout: then nothing was stored.
  'SET NAMES utf8mb4, autocommit = 1, innodb_lock_wait_timeout = 1, lock_wait_timeout = 1';
/** Where a cluster has them, a node waits until it has applied what was confirmed on another. */
const CLUSTER_SETTINGS: ReadonlyMap<unknown, string> = new Map([
  ['wsrep_sync_wait', 'wsrep_sync_wait = 3'],
  ['group_replication_consistency', "group_replication_consistency = 'BEFORE'"],
]);

/**
 * @param options where the database is; `options.database` is created when it is missing
 * @returns the statement that sets a connection up, and which right is missing, in the server's words
 * @throws DatabaseUnavailable for a table of another program, TimeoutError, or what mysql2 throws
 */
export async function applySchema(options: ConnectionOptions) {
  const { database = '', ...server } = options;
  const { socketPath, host = '', port = 0 } = server;
  const schema = await readFile(new URL('schema.sql', FOLDER), 'utf8');
  const seed = await readFile(new URL('seed.sql', FOLDER), 'utf8');
  const use = `USE \`${database.replaceAll('`', '``')}\``;
  const create = use.replace('USE', 'CREATE DATABASE IF NOT EXISTS') + ' CHARACTER SET utf8mb4';

  // A socket of our own: mysql2 leaves its one half open when the server refuses us.
  const stream = socketPath === undefined ? connect({ host, port }) : connect(socketPath);
  try {
    const connection = await createConnection({ ...server, stream, multipleStatements: true });
    connection.on('error', () => {}); // the query's promise rejects with it, too
    const run = async (script: string) =>
      (await withTimeout(connection.query<RowDataPacket[]>(script), APPLY_TIMEOUT_MS))[0];

    const names = Array.from(CLUSTER_SETTINGS.keys(), (name) => `'${name}'`);
    const known = await run(`SHOW VARIABLES WHERE Variable_name IN (${names})`);
    const more = known.map((row) => CLUSTER_SETTINGS.get(row.Variable_name));
    const settings = [SETTINGS, ...more].join(', ');
    await run(settings);
    await run(use).catch(async (error) => {
      if (!isSchemaMissing(error)) throw error;
      await run(`${create}; ${use}`);
    });
    // Where all is there nothing is created: DDL stalls a whole cluster.
    if (await lacksTables(schema, run)) await run(schema);
    // Also where nothing is left to insert, this finds out whether the account may insert.
    const missingRight = await run(seed).then(() => '', rightThatIsMissing);
    return { settings, missingRight };
  } finally {
    stream.destroy();
  }
}

/** Whether a table is missing. @throws DatabaseUnavailable when it is another program's */
async function lacksTables(schema: string, run: (sql: string) => Promise<RowDataPacket[]>) {
  const rows = await run(
    `SELECT table_name AS name, column_name AS field FROM information_schema.columns
     WHERE table_schema = DATABASE()`,
  );
  let isMissing = false;
  const tables = schema.matchAll(/^CREATE TABLE IF NOT EXISTS (\w+) \(\n(.*?)^\)/gms);
  for (const [, table, body = ''] of tables) {
    const found = rows.filter(({ name }) => name === table).map(({ field }) => field);
    const ours = Array.from(body.matchAll(/^ {2}([a-z]\w*) /gm), ([, field]) => field);
    const lacking = ours.find((field) => !found.includes(field));
    if (found.length === 0) isMissing = true;
    else if (lacking !== undefined) {
      const why = `the table ${table} has no column ${lacking}, so it is another program's`;
      throw new DatabaseUnavailable(`${why}; name another database in DATABASE_URL`);
    }
  }
  return isMissing;
}

/** Why the first rows are not inserted, when the database can be used all the same. */
function rightThatIsMissing(error: unknown): string {
  // What is there can be read. A read-only server is not accepted: after a failover it is not ours.
  if (error instanceof Error && isDenied(error)) return error.message;
  if (isLocked(error) || isRolledBack(error)) return '';
  throw error;
}
