/**
 * A copy of the project in a temporary folder. The server that is measured runs there, so that the
 * private database is one of its own, and an edit meanwhile changes nothing.
 */
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { socketFolderOf } from '../../lib/db/local-server.ts';
import { endProcess } from '../support/process.ts';
import type { Life } from './life.ts';

/** The project's own folder. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

const END_MS = 10_000;
const PARTS = ['server.ts', 'lib', 'sql', 'static', 'package.json'];

/** Makes a copy that is removed at the end. @returns its folder */
export async function copyProject(life: Life): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ajax-bench-'));
  life.atEnd(async () => {
    await endDatabase(join(folder, '.data'));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const part of PARTS) await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** A database that a killed server has left behind. */
async function endDatabase(folder: string): Promise<void> {
  const pid = Number(await readFile(join(folder, 'db.pid'), 'utf8').catch(() => ''));
  if (pid > 0) await endProcess(pid, END_MS);
  await rm(socketFolderOf(folder), { recursive: true, force: true });
}
