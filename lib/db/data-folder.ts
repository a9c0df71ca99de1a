/**
 * The private database's folders on the disk: closed to other users, and filled once. Nothing runs
 * here but the program that fills an empty data folder.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './process.ts';
import type { ServerProgram } from './server-program.ts';

/** A socket's address holds 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_BYTES = 103;
const CREATE_MS = 60_000;
/** What is kept of the program's complaints. */
const MAX_OUTPUT_CHARACTERS = 65_536;

/** Where the socket can be: in the folder itself, or somewhere shorter if its path is too long. */
export function socketFolderOf(folder: string): string {
  if (Buffer.byteLength(join(folder, 'db.sock')) <= MAX_SOCKET_BYTES) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  // Not the TMPDIR of today: a server left behind must be found tomorrow.
  return `/tmp/ajax-${process.getuid?.() ?? ''}-${name}`;
}

/** The folder is made ours alone; one that somebody else made is not trusted. */
export async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stats = await lstat(folder);
  const isOurs = stats.isDirectory() && stats.uid === process.getuid?.();
  if (!isOurs) throw new Error(`${folder} must be a folder that belongs to you`);
  await chmod(folder, 0o700);
}

/**
 * Fills a data folder, if it is not there yet. It is made beside and then renamed, so that a run
 * that is killed half-way leaves nothing that looks whole.
 * @param data the data folder's path
 * @param signal ends the work
 */
export async function createData(
  program: ServerProgram,
  data: string,
  signal: AbortSignal,
): Promise<void> {
  await removeDrafts(data);
  if (await exists(data)) return;
  const draft = await mkdtemp(`${data}.${process.pid}-`);
  try {
    const { args, input } = await program.create(draft);
    await run(program.path, args, input, signal);
    await rename(draft, data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start was quicker; its folder is as good.
    if (!(await exists(data))) throw error;
  }
}

/** Runs a program to its end; when that is too long to wait for, it is killed. */
function run(
  path: string,
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(path, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: CREATE_MS,
    signal,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => {}).end(input); // how it ended is told by its exit
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed = (printed + text).slice(0, MAX_OUTPUT_CHARACTERS);
  });
  return new Promise((resolve, reject) => {
    let reason = '';
    child.once('error', (error) => {
      reason = error.message;
    });
    // Only then is it certain that it writes nothing any more.
    child.once('close', (code) => {
      const [complaint] = /^.*\berror\b.*$/im.exec(printed) ?? [];
      if (code === 0) resolve();
      else reject(new Error(`${path} failed: ${complaint ?? (reason || `it ended with ${code}`)}`));
    });
  });
}

/** Drafts of runs that were killed. */
async function removeDrafts(data: string): Promise<void> {
  const prefix = `${basename(data)}.`;
  for (const name of await readdir(dirname(data))) {
    const [pid = ''] = name.startsWith(prefix) ? name.slice(prefix.length).split('-') : [];
    if (!/^\d+$/.test(pid) || isRunning(Number(pid))) continue;
    await rm(join(dirname(data), name), { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
