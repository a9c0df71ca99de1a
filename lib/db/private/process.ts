/**
 * What can be known of a database server from outside: does it listen on its socket, which process
 * is it, and has that ended?
 */
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../semaphore.ts';

/** Between two looks at something that takes its time, in ms. */
export const LOOK_AGAIN_MS = 20;
/** How long a killed process takes to be gone, in ms. */
const KILLED_MS = 500;

/**
 * Whether a server is behind the socket, be it busy, starting or stopped.
 * @throws what `connect` does, when that cannot be told
 */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(false);
      // Too many wait already to be let in (unix(7)).
      else if (error.code === 'EAGAIN') resolve(true);
      else reject(error);
    });
  });
}

/** The process that serves the socket, once it has written down its number; else `undefined`. */
export async function serverOf(socketPath: string, pidFile: string): Promise<number | undefined> {
  if (!(await isListening(socketPath))) return undefined;
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  // The number of an earlier server may still stand there.
  return pid > 0 && isRunning(pid) ? pid : undefined;
}

/** Whether a child has ended, or has never begun. */
export function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** Whether there is a process of that number that we may signal. */
export function isRunning(pid: number): boolean {
  return send(pid, 0);
}

/**
 * Ends a process and waits until it is gone.
 * @param ms how long it may take in its own way; then it is killed
 */
export async function endProcess(pid: number, ms: number): Promise<void> {
  const untilGone = async () => {
    while (isRunning(pid)) await sleep(LOOK_AGAIN_MS);
  };
  send(pid, 'SIGTERM');
  // One that was stopped (Ctrl-Z, SIGSTOP) hears it only now.
  send(pid, 'SIGCONT');
  try {
    await within(untilGone(), ms);
  } catch {
    send(pid, 'SIGKILL');
    await within(untilGone(), KILLED_MS).catch(() => {});
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
