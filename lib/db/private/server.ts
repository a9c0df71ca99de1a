/**
 * A private database server: its data in a folder of the project, a unix socket as its only door,
 * started when it is needed and stopped with us. The folder is closed to other users, which is what
 * lets the database do without a password. A server that a killed run left behind is found through
 * its socket and used again. Two of ours that are started in one folder, say on two ports, share
 * the database: its own lock on its files lets one win, and the last to go turns out the light.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, type Stats, unwatchFile, watchFile } from 'node:fs';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'mysql2/promise';
import { within } from '../../semaphore.ts';
import { createData, left, ownFolder, socketFolderOf } from './folder.ts';
import { endProcess, hasEnded, isListening, LOOK_AGAIN_MS, serverOf } from './process.ts';
import { findServerProgram, toServe } from './program.ts';

/** Recovery after a crash may take a while. */
const START_MS = 30_000;
/** One that has just begun to listen may take a while to say its first word, in ms. */
const CONNECT_MS = 5000;
const LOOK_FOR_DATA_MS = 2000;

/**
 * Makes a private server, which is not started yet.
 * @param folder where everything is kept; made when it is missing
 * @param onDeleted told when somebody has deleted the data of the running server
 * @param programFolders where to look for the program, if not where such programs usually are
 */
export function createPrivateServer(
  folder: string,
  onDeleted: () => void,
  programFolders?: readonly string[],
) {
  const data = join(folder, 'db');
  const pidFile = join(folder, 'db.pid');
  const logFile = join(folder, 'db.log');
  /** Says in the folder that we use the database. */
  const sign = join(folder, `user.${process.pid}-${randomUUID()}`);
  const options: ConnectionOptions = {
    // As root, whom the closed folder lets in without a password.
    user: 'root',
    database: 'ajax',
    connectTimeout: CONNECT_MS,
  };
  const stopping = new AbortController();
  let socketPath = '';
  let starting: Promise<string> | undefined;
  let child: ChildProcess | undefined;
  /** Whether our child has been seen to work. */
  let hasServed = false;
  // However we end, the server is told to end as well.
  const endChild = () => child?.kill();
  // A server goes on as if nothing had happened, and all is lost when it stops.
  const look = ({ nlink }: Stats) => {
    if (nlink === 0) onDeleted();
  };

  async function start(): Promise<string> {
    const program = await findServerProgram(programFolders);
    await ownFolder(folder);
    const socketFolder = await socketFolderOf(folder);
    await ownFolder(socketFolder);
    socketPath = join(socketFolder, 'db.sock');
    options.socketPath = socketPath;
    await mkdir(sign, { recursive: true });
    if (await isListening(socketPath)) return 'was running already';
    // It works, but its socket is gone: nobody will find it any more.
    if (child?.pid !== undefined && hasServed) await endProcess(child.pid, START_MS);
    await createData(program, folder, stopping.signal);
    // It may run already, and have been too slow for the last who asked.
    if (child === undefined || hasEnded(child)) {
      child = await launch(program);
      hasServed = false;
    }
    const pid = await untilServed(child);
    hasServed = pid === child.pid;
    if (hasServed) return program;
    // Of two that start at once, ours waits for the files that the other one has.
    if (child.pid !== undefined) await endProcess(child.pid, 0);
    return 'was started by another';
  }

  /** It is a child of ours, but no part of our terminal's group: Ctrl-C is for us. */
  async function launch(program: string): Promise<ChildProcess> {
    const log = await open(logFile, 'w', 0o600);
    try {
      stopping.signal.throwIfAborted();
      const args = toServe(program, data, socketPath, pidFile);
      const launched = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
      launched.on('error', () => {}).unref(); // it has no pid then
      process.off('exit', endChild).on('exit', endChild);
      return launched;
    } finally {
      await log.close();
    }
  }

  /** Waits until a server serves. @returns its pid: this one's, or that of another */
  async function untilServed(launched: ChildProcess): Promise<number> {
    for (const end = performance.now() + START_MS; ; await sleep(LOOK_AGAIN_MS)) {
      stopping.signal.throwIfAborted();
      const pid = await serverOf(socketPath, pidFile);
      if (pid !== undefined) return pid;
      if (!hasEnded(launched) && performance.now() < end) continue;
      const how = launched.exitCode ?? launched.signalCode ?? 'nothing';
      throw new Error(`the database has not started, and ended with ${how}; see ${logFile}`);
    }
  }

  return {
    /** How to connect, once it is started. */
    options,

    /** Whether there is no database yet. */
    isNew: () => !existsSync(data),

    /**
     * Makes sure that the server runs. Not to be called again before it is done.
     * @returns how it came to run, for whoever runs us
     * @throws NoServerProgram, or an Error that says why the server did not start
     */
    start(): Promise<string> {
      unwatchFile(data, look);
      starting = start().then((how) => {
        watchFile(data, { persistent: false, interval: LOOK_FOR_DATA_MS }, look);
        return how;
      });
      return starting;
    },

    /**
     * Starts nothing any more, stops the server unless somebody else uses it, and waits until its
     * data is whole on the disk; for `ms` at most.
     */
    async stop(ms: number): Promise<void> {
      const end = performance.now() + ms;
      stopping.abort();
      await within(Promise.resolve(starting), ms / 2).catch(() => {});
      unwatchFile(data, look);
      // A server that we never asked for is not ours to stop; without a folder there is none.
      if (socketPath === '') return;
      await rm(sign, { recursive: true, force: true });
      const pid = (await serverOf(socketPath, pidFile).catch(() => undefined)) ?? child?.pid;
      // Still waiting for files that another server has.
      if (child?.pid !== undefined && child.pid !== pid) await endProcess(child.pid, 0);
      const others = await left(folder, 'user').catch(() => []);
      if (pid !== undefined && others.length === 0) await endProcess(pid, end - performance.now());
      process.off('exit', endChild);
      if (dirname(socketPath) !== folder) await rmdir(dirname(socketPath)).catch(() => {});
    },
  };
}
