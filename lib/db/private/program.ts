/**
 * Which database program does this machine have, and how is it called? MariaDB and MySQL differ in
 * how a data folder is made; the rest is the same.
 */
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** There is no database program here; the message says how to get one. */
export class NoServerProgram extends Error {}

/** Debian's: the server, and what `mariadb-install-db` needs. */
const PACKAGES = 'mariadb-server-core mariadb-client-core';
/** Not on an ordinary user's PATH, or not always: the sbin folders, and Homebrew's. */
const FOLDERS =
  '/usr/bin:/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/mysql/bin:/opt/homebrew/bin:' +
  '/opt/homebrew/opt/mariadb/bin:/opt/homebrew/opt/mysql/bin:' +
  '/usr/local/opt/mariadb/bin:/usr/local/opt/mysql/bin';

/**
 * The path of `mariadbd`, or else of `mysqld`.
 * @param folders where to look; if left out, on the PATH and where such programs usually are
 * @throws NoServerProgram when neither is there
 */
export async function findServerProgram(
  folders: readonly string[] = searchPath(),
): Promise<string> {
  if (process.platform === 'win32') {
    throw new NoServerProgram('on Windows, set DATABASE_URL to a MySQL or MariaDB server');
  }
  const path = (await find(folders, 'mariadbd')) ?? (await find(folders, 'mysqld'));
  if (path === undefined) throw new NoServerProgram(howToGet());
  return path;
}

/** How to get a database on this machine, in one line. */
export function howToGet(): string {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const isMac = process.platform === 'darwin';
  const how = isMac ? 'brew install mariadb' : `${sudo}apt-get install -y ${PACKAGES}`;
  return `get a database with: ${how}, or set DATABASE_URL`;
}

/**
 * What fills an empty data folder: MariaDB's `mariadb-install-db`, MySQL's server itself.
 * @param draft a name in the current folder of the command: the tool is a script, and splits a path
 *   that holds a blank
 * @throws NoServerProgram when the tool is not there
 */
export async function toCreate(program: string, draft: string) {
  const data = `./${draft}`;
  if (!isMariadb(program)) {
    return { command: program, args: [...argumentsFor(program, data), '--initialize-insecure'] };
  }
  const prefix = dirname(dirname(await realpath(program)));
  const near = ['bin', 'scripts'].map((name) => join(prefix, name));
  const command = await find([...near, ...searchPath()], 'mariadb-install-db');
  if (command === undefined) throw new NoServerProgram(`no mariadb-install-db; ${howToGet()}`);
  const account = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  return { command, args: [...argumentsFor(program, data), ...account] };
}

/** The arguments with which the program serves a data folder on a unix socket, and nowhere else. */
export function toServe(program: string, data: string, socket: string, pidFile: string): string[] {
  const args = [`--socket=${socket}`, `--pid-file=${pidFile}`, '--skip-networking'];
  // A server that starts sweeps all temporary tables out of its temporary folder, those of other
  // servers too: so it has one of its own.
  args.push(`--tmpdir=${data}`);
  if (!isMariadb(program)) args.push('--mysqlx=OFF');
  return [...argumentsFor(program, data), ...args];
}

function argumentsFor(program: string, data: string): string[] {
  // `--no-defaults` is understood only in front.
  const args = ['--no-defaults', `--datadir=${data}`];
  // The log is small, as a study database is.
  if (isMariadb(program)) args.push('--innodb-log-file-size=8M');
  // Neither program runs as root unless told to.
  // In the short form: at the long one `mariadb-install-db` changes the owner of system files.
  if (process.getuid?.() === 0) args.push('-uroot');
  return args;
}

function isMariadb(program: string): boolean {
  return basename(program) === 'mariadbd';
}

function searchPath(): string[] {
  return `${process.env.PATH ?? ''}:${FOLDERS}`.split(':').filter(Boolean);
}

async function find(folders: readonly string[], name: string) {
  for (const path of folders.map((folder) => join(folder, name))) {
    const reason = await access(path, constants.X_OK).catch((error: unknown) => error);
    if (reason === undefined) return path;
  }
  return undefined;
}
