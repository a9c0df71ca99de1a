/**
 * The private database's folders on the disk: closed to other users, and filled once. What lies
 * there for a single process has its number in its name, `what.123-abcdef`, so that the next one
 * knows what nobody needs any more.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './process.ts';
import { howToGet, toCreate } from './program.ts';

/** A socket's address holds 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_BYTES = 103;
const CREATE_MS = 60_000;

/**
 * Where the socket can be: in the folder itself, or elsewhere if its path is too long for that, or
 * on a file system without sockets (WSL's /mnt/c, a shared folder of Docker Desktop).
 */
export async function socketFolderOf(folder: string): Promise<string> {
  const isShort = Buffer.byteLength(join(folder, 'db.sock')) <= MAX_SOCKET_BYTES;
  if (isShort && (await takesSockets(folder))) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  // Not the TMPDIR of today: a server left behind must be found tomorrow.
  return `/tmp/ajax-${process.getuid?.()}-${name}`;
}

function takesSockets(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE'));
    probe.listen(join(folder, 'try.sock'), () => probe.close(() => resolve(true)));
  });
}

/**
 * The folder is made ours alone; one that somebody else made is not trusted.
 * @throws Error that says what to do
 */
export async function ownFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stats = await lstat(folder);
    const isOurs = stats.isDirectory() && stats.uid === process.getuid?.();
    if (!isOurs) throw new Error('it belongs to somebody else');
    await chmod(folder, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`${folder} must be a folder of yours to write in, or set DATABASE_URL: ${why}`);
  }
}

/** What living processes have left; what the dead have left is taken away. */
export async function left(folder: string, what: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(folder)) {
    const [, kind, pid] = /^(\w+)\.(\d+)-/.exec(name) ?? [];
    if (kind !== what) continue;
    if (isRunning(Number(pid)) && !(await isOfNamesake(folder, name, Number(pid))))
      living.push(name);
    else await rm(join(folder, name), { recursive: true, force: true });
  }
  return living;
}

/** Whether a process left it that had our number before us, as in a container that starts anew. */
async function isOfNamesake(folder: string, name: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return false;
  return (await stat(join(folder, name))).mtimeMs < performance.timeOrigin;
}

/**
 * Fills the folder `db` with an empty database, if it is not there yet. It is made beside and then
 * renamed, so that a run that is killed half-way leaves nothing that looks whole.
 * @param signal ends the work
 */
export async function createData(
  program: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const data = join(folder, 'db');
  await left(folder, 'db');
  if (existsSync(data)) return;
  const draft = await mkdtemp(`${data}.${process.pid}-`);
  try {
    await fill(program, draft, signal);
    await rename(draft, data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 5 });
    // Another start was quicker; its folder is as good.
    if (!existsSync(data)) throw error;
  }
}

/** Runs the vendor's tool on an empty folder; ended with all that it has started, when it fails. */
async function fill(program: string, draft: string, signal: AbortSignal): Promise<void> {
  const { command, args } = await toCreate(program, basename(draft));
  signal.throwIfAborted();
  const env = { ...process.env, TMPDIR: draft };
  const options = { cwd: dirname(draft), env, detached: true };
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk));
  }
  const ending = AbortSignal.any([signal, AbortSignal.timeout(CREATE_MS)]);
  // A script, whose server would live on without it: the whole group is killed.
  const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  ending.addEventListener('abort', kill);
  try {
    const [code] = await once(child, 'close'); // the last of the group has closed its end
    if (code === 0) return;
    const [complaint = `it ended with ${code}`] =
      /^.*\berror\b.*$/im.exec(`${Buffer.concat(output)}`) ?? [];
    const isPartial = /could not find/i.test(complaint);
    throw new Error(`${command} failed: ${complaint}${isPartial ? `; ${howToGet()}` : ''}`);
  } finally {
    ending.removeEventListener('abort', kill);
  }
}
