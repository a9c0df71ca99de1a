/** MariaDB's or MySQL's program: where it lies, how it fills a data folder, and its arguments. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** There is no database program here; the message says how to get one. */
export class NoServerProgram extends Error {}

/** Folders that are not on an ordinary user's PATH, or not always: sbin, and Homebrew's. */
const FOLDERS =
  '/usr/bin:/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/mysql/bin:/opt/homebrew/bin:' +
  '/opt/homebrew/opt/mariadb/bin:/opt/homebrew/opt/mysql/bin:' +
  '/usr/local/opt/mariadb/bin:/usr/local/opt/mysql/bin';
/** Debian's: the server, and `my_print_defaults`, which `mariadb-install-db` calls. */
const PACKAGES = 'mariadb-server-core mariadb-client-core';
const CREATE_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/** The path of `mariadbd`, else of `mysqld`. @throws NoServerProgram */
export async function findServerProgram(folders: readonly string[] = searchPath()) {
  if (process.platform === 'win32') {
    throw new NoServerProgram('on Windows, set DATABASE_URL to a MySQL or MariaDB server');
  }
  const program = (await find(folders, 'mariadbd')) ?? (await find(folders, 'mysqld'));
  if (program === undefined) throw new NoServerProgram(howToGet());
  return program;
}

/** Fills a data folder by the vendor's tool. @throws NoServerProgram, or an Error that quotes it */
export async function initialize(program: string, data: string, signal: AbortSignal) {
  const command = isMariadb(program) ? await findInstaller(program) : program;
  const how = isMariadb(program)
    ? ['--auth-root-authentication-method=normal', '--skip-test-db']
    : ['--initialize-insecure'];
  signal.throwIfAborted();
  // MariaDB's tool is a shell script that splits a path at a blank: it gets a relative one.
  const child = spawn(command, [...commonArgs(program, `./${basename(data)}`), ...how], {
    cwd: dirname(data),
    env: { ...process.env, TMPDIR: data },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  // The whole process group: the script's server would live on without it.
  const kill = () => sendSignal(-(child.pid ?? Number.NaN), 'SIGKILL');
  const ending = AbortSignal.any([signal, AbortSignal.timeout(CREATE_TIMEOUT_MS)]);
  ending.addEventListener('abort', kill);
  try {
    const [code] = await once(child, 'close'); // no process holds the pipes any more
    if (code === 0) return;
    // A killed process may live on for a moment; one that is not reaped, for longer.
    for (let tries = 50; ending.aborted && kill() && tries > 0; tries -= 1) await sleep(POLL_MS);
  } finally {
    ending.removeEventListener('abort', kill);
  }
  const [complaint = 'it was ended'] = /^.*\berror\b.*$/im.exec(output) ?? [];
  const isPartial = /could not find/i.test(complaint);
  throw new Error(`${command} failed: ${complaint}${isPartial ? `; ${howToGet()}` : ''}`);
}

/** False when the process, or the group of a negative id, has gone. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The arguments with which the program serves a data folder on a unix socket, and nowhere else. */
export function serverArgs(program: string, data: string, socketPath: string, pidFile: string) {
  const args = [...commonArgs(program, data), `--socket=${socketPath}`, `--pid-file=${pidFile}`];
  // At its start a server deletes temporary tables in its tmpdir, other servers' too.
  args.push(`--tmpdir=${data}`, '--skip-networking');
  if (!isMariadb(program)) args.push('--mysqlx=OFF');
  return args;
}

function commonArgs(program: string, data: string): string[] {
  // `--no-defaults` is understood only in front.
  const args = ['--no-defaults', `--datadir=${data}`];
  // MySQL stops where the folder of its default is missing.
  args.push(isMariadb(program) ? '--innodb-log-file-size=8M' : '--secure-file-priv=NULL');
  // In the short form: at `--user` MariaDB's tool changes the owner of system files.
  if (process.getuid?.() === 0) args.push('-uroot');
  return args;
}

async function findInstaller(program: string): Promise<string> {
  const prefix = dirname(dirname(await realpath(program)));
  const folders = [join(prefix, 'bin'), join(prefix, 'scripts'), ...searchPath()];
  const installer = await find(folders, 'mariadb-install-db');
  if (installer === undefined) throw new NoServerProgram(`no mariadb-install-db; ${howToGet()}`);
  return installer;
}

function howToGet(): string {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const isMac = process.platform === 'darwin';
  const how = isMac ? 'brew install mariadb' : `${sudo}apt-get install -y ${PACKAGES}`;
  return `get a database with: ${how}, or set DATABASE_URL`;
}

const isMariadb = (program: string) => basename(program) === 'mariadbd';

const searchPath = () => `${process.env.PATH ?? ''}:${FOLDERS}`.split(':').filter(Boolean);

async function find(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const error = await access(path, constants.X_OK).catch((reason: unknown) => reason);
    if (error === undefined) return path;
  }
  return undefined;
}
