/**
 * A private database server: its data in a folder of the project, a unix socket as its only door,
 * started when it is needed and stopped with us. The folder is closed to other users, which is what
 * lets the database do without a password. A server that a killed run left behind is found through
 * its socket and used again; of two that start at once in one folder, the database's own lock on
 * its files lets one win.
 */
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { within } from '../wait.ts';
import { createData, ownFolder, socketFolderOf } from './data-folder.ts';
import { endProcess, isListening, untilItGreets, writtenPid } from './process.ts';
import { type ServerChild, startChild } from './server-child.ts';
import { findServerProgram, type ServerProgram } from './server-program.ts';

/** A private server, which may not have been started yet. */
export interface LocalServer {
  readonly socketPath: string;
  /**
   * Makes sure that the server runs; does nothing when it does. Not to be called again before it is
   * done.
   * @returns what the server calls itself, when it was started now; `undefined` when it ran already
   * @throws NoServerProgram, or an Error that says why the server did not start
   */
  ensure(): Promise<string | undefined>;
  /**
   * Starts nothing any more, stops the server, and waits until its data is whole on the disk.
   * @param ms how long that may take
   * @param isUsed whether somebody else uses the server, so that it must run on
   */
  stop(ms: number, isUsed: () => Promise<boolean>): Promise<void>;
}

/** Recovery after a crash may take a while. */
const START_MS = 30_000;

/**
 * Makes a private server; it is started by `ensure`.
 * @param folder where everything is kept; made when it is missing
 * @param programFolders where to look for the program, if not where such programs usually are
 */
export function createLocalServer(folder: string, programFolders?: readonly string[]): LocalServer {
  const data = join(folder, 'db');
  const pidFile = join(folder, 'db.pid');
  const logFile = join(folder, 'db.log');
  const socketFolder = socketFolderOf(folder);
  const socketPath = join(socketFolder, 'db.sock');
  const stopping = new AbortController();
  let working: Promise<unknown> | undefined;
  let child: ServerChild | undefined;
  /** Whether our child has been seen to work. */
  let hasGreeted = false;

  async function ensure(): Promise<string | undefined> {
    const program = await findServerProgram(programFolders);
    await ownFolder(folder);
    await ownFolder(socketFolder);
    if (await isListening(socketPath)) return undefined;
    // It works, but its socket is gone: nobody will find it any more.
    if (child?.pid !== undefined && hasGreeted) await endProcess(child.pid, START_MS);
    await createData(program, data, stopping.signal);
    // It may run already, and have been too slow for the last who asked.
    const current = child ?? (await launch(program));
    return (await isServing(current)) ? program.name : undefined;
  }

  async function launch(program: ServerProgram): Promise<ServerChild> {
    const args = program.serve(data, socketPath, pidFile);
    const launched = await startChild(program.path, args, logFile, stopping.signal);
    child = launched;
    hasGreeted = false;
    launched.ended.catch(() => {
      if (child === launched) child = undefined;
    });
    return launched;
  }

  /** Waits until a server greets. @returns whether it is this one; if not, this one is ended */
  async function isServing(launched: ServerChild): Promise<boolean> {
    const over = new AbortController();
    const signal = AbortSignal.any([stopping.signal, over.signal]);
    try {
      await within(Promise.race([launched.ended, untilItGreets(socketPath, signal)]), START_MS);
    } catch (error) {
      // Of two that start at once, the loser may end by itself.
      if (child === launched || !(await isListening(socketPath))) throw error;
    } finally {
      over.abort();
    }
    stopping.signal.throwIfAborted();
    if (child !== launched || launched.pid === undefined) return false;
    const pid = await writtenPid(pidFile);
    hasGreeted = pid === undefined || pid === launched.pid;
    if (!hasGreeted) await endProcess(launched.pid, 0);
    return hasGreeted;
  }

  async function stop(ms: number, isUsed: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + ms;
    stopping.abort();
    // A server that we never asked for is not ours to stop.
    if (working === undefined) return;
    await within(working, ms / 2).catch(() => {});
    const isFound = await isListening(socketPath).catch(() => false);
    const pid = (isFound ? await writtenPid(pidFile) : undefined) ?? child?.pid;
    // Still waiting for files that another server has.
    if (child?.pid !== undefined && child.pid !== pid) await endProcess(child.pid, 0);
    if (pid !== undefined && !(await isUsed())) await endProcess(pid, end - performance.now());
    child?.leave();
    if (socketFolder !== folder) await rmdir(socketFolder).catch(() => {});
  }

  return {
    socketPath,
    ensure() {
      const ensuring = ensure();
      working = ensuring;
      return ensuring;
    },
    stop,
  };
}
