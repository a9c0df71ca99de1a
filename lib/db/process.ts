/**
 * What can be known of a database server from outside: does it listen on its socket, does it answer
 * there, which process is it, and has that ended?
 */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../wait.ts';

const LOOK_AGAIN_MS = 20;
/** For one greeting, in ms. */
const GREETING_MS = 1000;
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

/**
 * Waits until the server behind the socket sends its greeting, which it does when it has started.
 */
export async function untilItGreets(socketPath: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await greets(socketPath))) await sleep(LOOK_AGAIN_MS);
}

function greets(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const end = (answer: boolean) => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(GREETING_MS, () => end(false));
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** The pid that a server has written down. Current only while something listens on its socket. */
export async function writtenPid(pidFile: string): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  return pid > 0 ? pid : undefined;
}

/** Whether there is a process of that pid that we may signal. */
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
