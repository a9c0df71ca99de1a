/**
 * Which database program does this machine have, and how is it called? MariaDB and MySQL differ in
 * how a data folder is made; the rest is the same.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A database program of this machine, and how it is called. */
export interface ServerProgram {
  readonly path: string;
  /** What it calls itself, such as `MariaDB 10.11.19`. */
  readonly name: string;
  /** The arguments that fill an empty data folder, and the SQL to feed it meanwhile. */
  create(dataFolder: string): Promise<{ args: readonly string[]; input: string }>;
  /** The arguments that serve the folder on a unix socket, and nowhere else. */
  serve(dataFolder: string, socketPath: string, pidFile: string): readonly string[];
}

/** There is no database program here; the message says how to get one. */
export class NoServerProgram extends Error {}

// The sbin folders are not on an ordinary user's PATH, and Homebrew's not always.
const FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/usr/local/opt/mariadb/bin',
  '/usr/local/opt/mysql/bin',
];

/** For a program to say its version, in ms. */
const ANSWER_MS = 10_000;

// What `mariadb-install-db` feeds to a new server, without its help texts. That script itself needs
// a program of another package.
const SYSTEM_TABLES = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
];
const BEGIN = 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n';

/**
 * Looks for `mariadbd`, then for `mysqld`.
 * @param folders where to look; if left out, on the PATH and where such programs usually are
 * @throws NoServerProgram when neither is there
 */
export async function findServerProgram(folders = usualFolders()): Promise<ServerProgram> {
  if (process.platform === 'win32') {
    throw new NoServerProgram('on Windows, set DATABASE_URL to a MySQL or MariaDB server');
  }
  const path = (await find(folders, 'mariadbd')) ?? (await find(folders, 'mysqld'));
  if (path === undefined) throw new NoServerProgram(`${howToInstall()}, or set DATABASE_URL`);
  const options = { timeout: ANSWER_MS };
  const { stdout } = await promisify(execFile)(path, ['--no-defaults', '--version'], options);
  const [, version = ''] = /Ver (\d+\.\d+\.\d+)/.exec(stdout) ?? [];
  const isMariadb = stdout.includes('MariaDB');
  return {
    path,
    name: `${isMariadb ? 'MariaDB' : 'MySQL'} ${version}`,
    async create(dataFolder) {
      const input = isMariadb ? await systemTables(path) : '';
      const how = isMariadb
        ? ['--bootstrap', '--max-allowed-packet=8M']
        : ['--initialize-insecure'];
      return { args: args(dataFolder, isMariadb, ...how), input };
    },
    serve: (dataFolder, socketPath, pidFile) =>
      args(
        dataFolder,
        isMariadb,
        `--socket=${socketPath}`,
        `--pid-file=${pidFile}`,
        '--skip-networking',
        ...(isMariadb ? [] : ['--mysqlx=OFF']),
      ),
  };
}

function usualFolders(): readonly string[] {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...onPath, ...FOLDERS];
}

function args(dataFolder: string, isMariadb: boolean, ...more: string[]): string[] {
  // `--no-defaults` is understood only in front. A server that starts sweeps all temporary tables
  // out of its temporary folder, those of other servers too: so it has one of its own.
  const all = ['--no-defaults', `--datadir=${dataFolder}`, `--tmpdir=${dataFolder}`, ...more];
  // The log is small, as a study database is.
  if (isMariadb) all.push('--innodb-log-file-size=8M');
  // Neither program runs as root unless told to.
  if (process.getuid?.() === 0) all.push('--user=root');
  return all;
}

async function systemTables(program: string): Promise<string> {
  const prefix = dirname(dirname(await realpath(program)));
  const shares = ['share/mysql', 'share/mariadb', 'share'].map((name) => join(prefix, name));
  const folder = await find(shares, SYSTEM_TABLES[0] ?? '', constants.R_OK);
  if (folder === undefined) throw new NoServerProgram(`${program} lacks its share folder`);
  const scripts = SYSTEM_TABLES.map((name) => readFile(join(dirname(folder), name), 'utf8'));
  return BEGIN + (await Promise.all(scripts)).join('\n');
}

async function find(
  folders: readonly string[],
  name: string,
  mode = constants.X_OK,
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const isThere = await access(path, mode).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

function howToInstall(): string {
  if (process.platform === 'darwin') return 'get a database with: brew install mariadb';
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `get a database with: ${sudo}apt-get install -y mariadb-server-core`;
}
