/**
 * Makes a database ready for use: creates it if it is not there, and applies `sql/schema.sql` and
 * `sql/seed.sql`, which may run any number of times.
 */
import { readFile } from 'node:fs/promises';
import { type ConnectionOptions, createConnection } from 'mysql2/promise';
import { within } from '../wait.ts';
import { isMissingDatabase } from './errors.ts';

const FOLDER = new URL('../../sql/', import.meta.url);
const CONNECT_MS = 900;
const APPLY_MS = 20_000;

/**
 * @param options where the database is; `options.database` is created when it is missing
 * @throws whatever mysql2 throws
 */
export async function applySchema(options: ConnectionOptions): Promise<void> {
  const files = ['schema.sql', 'seed.sql'];
  const scripts = await Promise.all(files.map((name) => readFile(new URL(name, FOLDER), 'utf8')));
  try {
    await run(options, scripts);
  } catch (error) {
    if (!isMissingDatabase(error)) throw error;
    const { database = '', ...server } = options;
    await run(server, [`CREATE DATABASE IF NOT EXISTS ${quoted(database)} CHARACTER SET utf8mb4`]);
    await run(options, scripts);
  }
}

/** Runs scripts of several statements on a connection of their own; the pool's take one at a time. */
async function run(options: ConnectionOptions, scripts: readonly string[]): Promise<void> {
  const connection = await createConnection({
    ...options,
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    multipleStatements: true,
  });
  try {
    for (const script of scripts) await within(connection.query(script), APPLY_MS);
  } finally {
    connection.destroy();
  }
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
