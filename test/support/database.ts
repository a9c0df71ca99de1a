/**
 * The real database for a test file: a private server in a temporary folder, one per test process,
 * stopped and removed at its end.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { loadConfig } from '../../lib/config.ts';
import type { Address } from '../../lib/db/connect.ts';
import { socketFolderOf } from '../../lib/db/local-server.ts';
import type { Database } from '../../lib/db/queries.ts';
import { openDatabase } from '../../lib/db/queries.ts';
import { findServerProgram, NoServerProgram } from '../../lib/db/server-program.ts';

/**
 * Why the tests that need a database are skipped, or `false` when there is one. Under CI nothing is
 * skipped: there, a missing program is a failure.
 */
export const noDatabaseProgram: string | false = await findServerProgram().then(
  () => false as const,
  (error) => {
    if (process.env.CI || !(error instanceof NoServerProgram)) throw error;
    return error.message;
  },
);

/** DATABASE_URL as the server reads it. */
export function addressOf(url: string): Address | undefined {
  return loadConfig({ DATABASE_URL: url }).databaseUrl;
}

let shared: Promise<Running> | undefined;

interface Running {
  readonly database: Database;
  readonly folder: string;
}

// Registered while the file loads: inside a test, it would run when that test ends.
after(async () => {
  if (shared === undefined) return;
  const { database, folder } = await shared;
  await database.close();
  await rm(folder, { recursive: true });
  await rm(socketFolderOf(folder), { recursive: true, force: true });
});

/** This test file's database, ready for use. */
export async function testDatabase(): Promise<Database> {
  shared ??= start();
  return (await shared).database;
}

async function start(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'ajax-test-'));
  const database = openDatabase({ address: undefined, folder, onChange: () => {} });
  // Making a data folder may take longer than a query waits.
  for (let tries = 20; ; tries -= 1) {
    try {
      await database.select('SELECT 1', []);
      return { database, folder };
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
