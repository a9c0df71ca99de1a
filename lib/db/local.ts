/**
 * A private database server: its data in a folder of the project, a unix socket as its only door, started
 * when it is needed and stopped with us. The folder is closed to other users, which is what lets the
 * database do without a password. A server that a killed run left behind is found through its socket and
 * used again.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { within } from '../wait.ts';
import { findServerProgram, type ServerProgram } from './server-program.ts';

export interface LocalServer {
  readonly socketPath: string;
  /**
   * Makes sure that the server runs; does nothing when it does.
   * @returns what the server calls itself, when it was started now; `undefined` when it ran already
   * @throws NoServerProgram, or an Error that says why the server did not start
   */
  ensure(): Promise<string | undefined>;
  /** Stops the server for good and waits until its data is whole on the disk; at most 5 s. */
  stop(): Promise<void>;
}

/** A socket's address holds 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_BYTES = 103;
const CREATE_MS = 60_000;
/** Recovery after a crash may take a while. */
const START_MS = 30_000;
const STOP_MS = 5000;
const LOOK_AGAIN_MS = 20;

/**
 * @param folder where everything is kept; made when it is missing
 */
export function createLocalServer(folder: string): LocalServer {
  const data = join(folder, 'db');
  const pidFile = join(folder, 'db.pid');
  const logFile = join(folder, 'db.log');
  const socketFolder = shortEnough(folder);
  const socketPath = join(socketFolder, 'db.sock');
  const stopping = new AbortController();
  let child: ChildProcess | undefined;

  async function create(program: ServerProgram): Promise<void> {
    if (await exists(data)) return;
    // Made beside, then renamed: a run that is killed half-way leaves nothing that looks whole.
    const draft = `${data}.${process.pid}`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    const { args, input } = await program.create(draft);
    try {
      const options = { timeout: CREATE_MS, signal: stopping.signal, maxBuffer: 16 * 1024 * 1024 };
      const running = promisify(execFile)(program.path, args, options);
      running.child.stdin?.on('error', () => {}).end(input); // how it ended is told by its exit
      await running;
      await rename(draft, data);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another start was quicker; its folder is as good.
      if (!(await exists(data))) throw new Error(`${program.path} failed: ${lastLine(error)}`);
    }
  }

  async function start(program: ServerProgram): Promise<void> {
    const args = program.serve(data, socketPath, pidFile);
    const log = await open(logFile, 'w', 0o600);
    stopping.signal.throwIfAborted();
    // A process group of its own: Ctrl-C is for us, and we stop the database when we are done with it.
    child = spawn(program.path, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    const started = child;
    const failed = new Promise<never>((_, reject) => {
      started.once('error', reject);
      started.once('exit', (code, signal) => {
        if (child === started) child = undefined;
        reject(new Error(`the database ended with ${code ?? signal}; see ${logFile}`));
      });
    });
    failed.catch(() => {}); // it may also end long after the race below is over
    child.unref();
    await log.close();
    await Promise.race([failed, within(untilItAnswers(), START_MS)]);
  }

  async function untilItAnswers(): Promise<void> {
    while (!stopping.signal.aborted && !(await answers(socketPath))) await sleep(LOOK_AGAIN_MS);
  }

  return {
    socketPath,

    async ensure() {
      await ownFolder(folder);
      await ownFolder(socketFolder);
      if (await answers(socketPath)) return undefined;
      const program = await findServerProgram();
      await create(program);
      await start(program);
      return program.name;
    },

    async stop() {
      stopping.abort();
      const pid = child?.pid ?? (await leftOver(socketPath, pidFile));
      if (pid === undefined) return;
      kill(pid, 'SIGTERM');
      const gone = async () => {
        while (isRunning(pid)) await sleep(LOOK_AGAIN_MS);
      };
      // Killed is not lost: InnoDB recovers what was confirmed.
      await within(gone(), STOP_MS, () => kill(pid, 'SIGKILL')).catch(() => {});
    },
  };
}

function shortEnough(folder: string): string {
  if (Buffer.byteLength(join(folder, 'db.sock')) <= MAX_SOCKET_BYTES) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(tmpdir(), `ajax-${process.getuid?.() ?? ''}-${name}`);
}

/** The folder is made ours alone; one that somebody else made is not trusted. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stats = await lstat(folder);
  const isOurs = stats.isDirectory() && stats.uid === process.getuid?.();
  if (!isOurs) throw new Error(`${folder} belongs to somebody else`);
  await chmod(folder, 0o700);
}

/** Whether somebody accepts connections on the socket. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}

/** The pid of a server that is not our child, only while its socket proves that the number is current. */
async function leftOver(socketPath: string, pidFile: string): Promise<number | undefined> {
  if (!(await answers(socketPath))) return undefined;
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  return pid > 0 ? pid : undefined;
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return text.trim().split('\n').pop() || String(error);
}

function isRunning(pid: number): boolean {
  return kill(pid, 0);
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
