/**
 * A private database server: its data in a folder of the project that is closed to other users, a
 * unix socket as its only address. Several of our processes in one folder share it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { withTimeout } from '../semaphore.ts';
import { findServerProgram, initialize, sendSignal, serverArgs } from './server-program.ts';

/** Recovery after a crash may take a while. */
const START_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5000;
const POLL_MS = 20;

/** Makes a private server; `start` starts it. @param folder is made when it is missing */
export function createLocalServer(folder: string, programFolders?: readonly string[]) {
  const data = join(folder, 'db');
  const pidFile = join(folder, 'db.pid');
  const logFile = join(folder, 'db.log');
  const socketFolder = socketFolderOf(folder);
  const socketPath = join(socketFolder, 'db.sock');
  const server = { socketPath, user: 'root', connectTimeout: CONNECT_TIMEOUT_MS };
  const stopping = new AbortController();
  let starting: Promise<string> | undefined;
  let child: ChildProcess | undefined;
  const killChild = () => child?.kill();

  async function start(): Promise<string> {
    const program = await findServerProgram(programFolders);
    for (const one of [folder, socketFolder]) await ensurePrivateFolder(one);
    if (await isListening(socketPath)) return 'was running already';
    // One that has lost its socket keeps the data locked.
    if (isRunning(child)) await terminate(child);
    if (!existsSync(data)) await create(program);
    stopping.signal.throwIfAborted();
    const serverId = randomInt(1, 2 ** 32);
    child = await launch(program, serverId);
    // Of two processes that start at once, the first has the data; the other uses its server.
    if ((await idOfRunning(child)) === serverId) return program;
    await terminate(child);
    return 'was started by another process';
  }

  /** Fills a draft and renames it: a killed start leaves no half of a database. */
  async function create(program: string): Promise<void> {
    const draft = await mkdtemp(`${data}.new-`);
    try {
      await initialize(program, draft, stopping.signal);
      await rename(draft, data);
    } catch (error) {
      if (!existsSync(data)) throw error; // else another process was quicker
    } finally {
      await rm(draft, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async function launch(program: string, serverId: number): Promise<ChildProcess> {
    const log = await open(logFile, 'w', 0o600);
    try {
      const args = [...serverArgs(program, data, socketPath, pidFile), `--server-id=${serverId}`];
      // Detached: a Ctrl-C at the terminal is for us, who stop the server in the end.
      const launched = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
      launched.on('error', () => {}).unref(); // it has no pid then
      process.off('exit', killChild).on('exit', killChild);
      return launched;
    } finally {
      await log.close();
    }
  }

  async function query(sql: string): Promise<RowDataPacket[]> {
    const connection = await createConnection(server);
    connection.on('error', () => {}); // the query's promise rejects with it, too
    try {
      return (await connection.query<RowDataPacket[]>(sql))[0];
    } finally {
      connection.destroy();
    }
  }

  /** Waits until a server answers at the socket. @returns its server-id */
  async function idOfRunning(launched: ChildProcess): Promise<unknown> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (isRunning(launched) && performance.now() < deadline) {
      stopping.signal.throwIfAborted();
      const asking = query('SELECT @@server_id AS id');
      const rows = await withTimeout(asking, CONNECT_TIMEOUT_MS).catch(() => []);
      if (rows[0]) return rows[0].id;
      await sleep(POLL_MS);
    }
    const how = launched.exitCode ?? launched.signalCode ?? 'nothing';
    throw new Error(`the database has not started, and ended with ${how}; see ${logFile}`);
  }

  /** Another process of ours that uses the server starts it again. */
  async function shutDown(): Promise<void> {
    if (!(await isListening(socketPath))) return;
    const pid = Number(await readFile(pidFile, 'utf8'));
    await query('SHUTDOWN').catch(() => {}); // it may hang up before it answers
    while (sendSignal(pid, 0)) await sleep(POLL_MS);
  }

  return {
    /** Whether there is no data yet: making it takes longer than a start. */
    isNew: () => !existsSync(data),

    /** How to connect, and how the server came to run. @throws an Error that says why not */
    async start() {
      starting = start();
      return { options: { ...server, database: 'ajax' }, how: await starting };
    },

    /** Stops the server, or kills it after `ms`. */
    async stop(ms: number): Promise<void> {
      stopping.abort();
      if (starting === undefined) return; // a server that was never asked for is not ours to stop
      const kill = () => (isRunning(child) ? terminate(child) : undefined);
      await withTimeout(starting.then(shutDown), ms).catch(kill);
      process.off('exit', killChild);
    },
  };
}

// Not in `folder`: a socket's path has 103 bytes at most, and some file systems take no sockets.
// Not in TMPDIR: the next start has to find a server that a killed run left behind.
export function socketFolderOf(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return `/tmp/ajax-${process.getuid?.()}-${name}`;
}

/** Makes the folder, for us alone. @throws Error that says what to do */
async function ensurePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stats = await lstat(folder);
    const isOurs = stats.isDirectory() && stats.uid === process.getuid?.();
    if (!isOurs) throw new Error('it belongs to another user');
    await chmod(folder, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`${folder} must be a folder of yours to write in, or set DATABASE_URL: ${why}`);
  }
}

/** Whether a server is behind the socket, be it busy or stopped. */
function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      resolve(true);
      socket.destroy();
    });
    // EAGAIN: its queue of connections is full (unix(7)).
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EAGAIN'));
  });
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function terminate(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
