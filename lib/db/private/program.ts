/**
 * Which database program does this machine have, and how is it called? MariaDB and MySQL differ in
 * how a data folder is made; the rest is the same.
 */
import { constants } from 'node:fs';
import { access, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** There is no database program here; the message says how to get one. */
export class NoServerProgram extends Error {}

/** Not on an ordinary user's PATH, or not always: the sbin folders, and Homebrew's. */
const FOLDERS =
  '/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/mysql/bin:/opt/homebrew/bin:' +
  '/opt/homebrew/opt/mariadb/bin:/opt/homebrew/opt/mysql/bin:' +
  '/usr/local/opt/mariadb/bin:/usr/local/opt/mysql/bin';

// What `mariadb-install-db` feeds to the server, which is all of that script that is needed.
const BEGIN = 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n';
const SYSTEM_TABLES = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
];

/**
 * The path of `mariadbd`, or else of `mysqld`.
 * @param folders where to look; if left out, on the PATH and where such programs usually are
 * @throws NoServerProgram when neither is there
 */
export async function findServerProgram(
  folders: readonly string[] = `${process.env.PATH ?? ''}:${FOLDERS}`.split(':').filter(Boolean),
): Promise<string> {
  if (process.platform === 'win32') {
    throw new NoServerProgram('on Windows, set DATABASE_URL to a MySQL or MariaDB server');
  }
  const path = (await find(folders, 'mariadbd')) ?? (await find(folders, 'mysqld'));
  if (path !== undefined) return path;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const isMac = process.platform === 'darwin';
  const how = isMac ? 'brew install mariadb' : `${sudo}apt-get install -y mariadb-server-core`;
  throw new NoServerProgram(`get a database with: ${how}, or set DATABASE_URL`);
}

/** The arguments with which the program fills an empty data folder, and the SQL that it reads. */
export async function toCreate(program: string, data: string) {
  const args = argumentsFor(program, data);
  if (!isMariadb(program)) return { args: [...args, '--initialize-insecure'], input: '' };
  const prefix = dirname(dirname(await realpath(program)));
  const shares = ['share/mysql', 'share/mariadb', 'share'].map((name) => join(prefix, name));
  const first = await find(shares, 'mysql_system_tables.sql', constants.R_OK);
  if (first === undefined) throw new NoServerProgram(`${program} lacks its share folder`);
  const scripts = SYSTEM_TABLES.map((name) => readFile(join(dirname(first), name), 'utf8'));
  const input = BEGIN + (await Promise.all(scripts)).join('\n');
  return { args: [...args, '--bootstrap', '--max-allowed-packet=8M'], input };
}

/** The arguments with which the program serves a data folder on a unix socket, and nowhere else. */
export function toServe(program: string, data: string, socket: string, pidFile: string): string[] {
  const args = [`--socket=${socket}`, `--pid-file=${pidFile}`, '--skip-networking'];
  if (!isMariadb(program)) args.push('--mysqlx=OFF');
  return [...argumentsFor(program, data), ...args];
}

function argumentsFor(program: string, data: string): string[] {
  // `--no-defaults` is understood only in front. A server that starts sweeps all temporary tables
  // out of its temporary folder, those of other servers too: so it has one of its own.
  const args = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${data}`];
  // The log is small, as a study database is.
  if (isMariadb(program)) args.push('--innodb-log-file-size=8M');
  // Neither program runs as root unless told to.
  if (process.getuid?.() === 0) args.push('--user=root');
  return args;
}

function isMariadb(program: string): boolean {
  return basename(program) === 'mariadbd';
}

async function find(folders: readonly string[], name: string, mode = constants.X_OK) {
  for (const path of folders.map((folder) => join(folder, name))) {
    const reason = await access(path, mode).catch((error: unknown) => error);
    if (reason === undefined) return path;
  }
  return undefined;
}
