/**
 * Private databases for tests that need one each. Making a data folder takes longer than all else
 * in such a test, so it is made once in a test process, and copied.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { createLocalServer, socketFolderOf } from '../../lib/db/local-server.ts';
import { type Database, openDatabase } from '../../lib/db/queries.ts';
import { atEnd } from './at-end.ts';
import { until } from './process.ts';

let shared: Promise<string> | undefined;

// Registered while the file loads: inside a test, it would run when that test ends.
after(async () => {
  if (shared === undefined) return;
  const folder = await shared;
  for (const path of [folder, socketFolderOf(folder)]) {
    await rm(path, { recursive: true, force: true });
  }
});

/** Puts a database into a folder that the private server is to use; it is not running. */
export async function putData(folder: string): Promise<void> {
  shared ??= make();
  await mkdir(folder, { recursive: true });
  await cp(join(await shared, 'db'), join(folder, 'db'), { recursive: true });
}

async function make(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ajax-fault-'));
  const server = createLocalServer(folder);
  await server.start();
  await server.stop(5000);
  return folder;
}

export interface Private extends Database {
  /** What it has said. */
  readonly lines: readonly string[];
}

/** A private database in that folder; closed when the test ends. */
export function openPrivate(
  t: TestContext,
  folder: string,
  programFolders?: readonly string[],
): Private {
  const lines: string[] = [];
  const database = openDatabase({
    address: undefined,
    folder,
    onChange: (line) => void lines.push(line),
    ...(programFolders ? { programFolders } : {}),
  });
  atEnd(t, () => database.close());
  return { ...database, lines };
}

/** Waits until a database answers. */
export function untilAnswered(database: Database): Promise<void> {
  return until('the database', () =>
    database.select('SELECT 1', []).then(
      () => true,
      () => false,
    ),
  );
}

/** The number of a process that has been and gone. */
export function pidOfThePast(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
}
