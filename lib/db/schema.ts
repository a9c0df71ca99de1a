/**
 * Makes a database ready for use: creates it if it is not there, and applies `sql/schema.sql` and
 * `sql/seed.sql`, which may run any number of times. A user who may not create tables will do, as
 * long as somebody else has made them.
 */
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { within } from '../wait.ts';
import { CONNECT_MS, SETTINGS } from './connections.ts';
import { isDenied, isLocked, isMissingDatabase } from './errors.ts';

const FOLDER = new URL('../../sql/', import.meta.url);
/** For one script, in ms. */
const APPLY_MS = 5000;
const LOCK_SECONDS = 2;

/**
 * Creates what is missing: the database, its tables, and their first rows.
 * @param options where the database is; `options.database` is created when it is missing
 * @throws Overdue, or what mysql2 throws
 */
export async function applySchema(options: ConnectionOptions): Promise<void> {
  const files = ['schema.sql', 'seed.sql'];
  const [schema = '', seed = ''] = await Promise.all(
    files.map((name) => readFile(new URL(name, FOLDER), 'utf8')),
  );
  const apply = () => connected(options, (connection) => applyTo(connection, schema, seed));
  try {
    await apply();
  } catch (error) {
    if (!isMissingDatabase(error)) throw error;
    const { database = '', ...server } = options;
    const create = `CREATE DATABASE IF NOT EXISTS ${quoted(database)} CHARACTER SET utf8mb4`;
    await connected(server, (connection) => run(connection, create));
    await apply();
  }
}

async function applyTo(connection: Connection, schema: string, seed: string): Promise<void> {
  // Several of us that start at once would get in each other's way. The lock ends with the
  // connection; where there are no such locks, as in some clusters, it goes without.
  await run(connection, `SELECT GET_LOCK('ajax.schema', ${LOCK_SECONDS})`).catch(() => {});
  try {
    await run(connection, schema);
  } catch (error) {
    if (!isDenied(error) || !(await hasTables(connection, schema))) throw error;
  }
  try {
    await run(connection, seed);
  } catch (error) {
    // The seed is for a table that is new. One that we may not fill, or where somebody is at work,
    // is not.
    if (!isDenied(error) && !isLocked(error)) throw error;
  }
}

async function hasTables(connection: Connection, schema: string): Promise<boolean> {
  const tables = schema.matchAll(/^CREATE TABLE IF NOT EXISTS (\w+)/gm);
  const looks = Array.from(tables, ([, table = '']) => `SELECT 1 FROM ${quoted(table)} LIMIT 0;`);
  return run(connection, looks.join('\n')).then(
    () => true,
    () => false,
  );
}

async function run(connection: Connection, script: string): Promise<void> {
  await within(connection.query(script), APPLY_MS);
}

/** Works on a connection of its own: the pool's take one statement at a time. */
async function connected(
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  // The socket is ours, to be closed whatever happens: mysql2 leaves it open when it was refused.
  const socket = openSocket(options);
  try {
    const connection = await createConnection({
      ...options,
      stream: socket,
      charset: 'utf8mb4',
      connectTimeout: CONNECT_MS,
      multipleStatements: true,
    });
    // Told by the query that meets it; the event alone would end the process.
    connection.on('error', () => {});
    await run(connection, SETTINGS);
    await work(connection);
  } finally {
    socket.destroy();
  }
}

function openSocket({ socketPath, host, port }: ConnectionOptions): Socket {
  return socketPath === undefined ? connect(port ?? 3306, host) : connect(socketPath);
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
