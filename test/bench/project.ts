/**
 * A copy of the project in a temporary folder. The server that is measured runs there, so that the
 * private database is one of its own, and an edit meanwhile changes nothing.
 */
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { socketFolderOf } from '../../lib/db/private/folder.ts';
import { endProcess, serverOf } from '../../lib/db/private/process.ts';
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

/** A database that is left there, because the server was killed that should have stopped it. */
async function endDatabase(folder: string): Promise<void> {
  const socketFolder = await socketFolderOf(folder);
  const pid = await serverOf(join(socketFolder, 'db.sock'), join(folder, 'db.pid'));
  if (pid !== undefined) await endProcess(pid, END_MS);
}
