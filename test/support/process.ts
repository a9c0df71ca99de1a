/**
 * The server as its users run it: a process of its own, in a copy of the project, so that its
 * private database is its own as well. Whatever was started is ended with the test, also when the
 * test fails.
 */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { socketFolderOf } from '../../lib/db/local-server.ts';
import { atEnd } from './at-end.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = ['server.ts', 'lib', 'sql', 'static', 'package.json'];
/** How to run a TypeScript file: this Node as it stands, or with tsx. */
const NODE = Reflect.get(process.features, 'typescript') ? [] : ['--import', 'tsx'];
const START_MS = 30_000;
const LOOK_AGAIN_MS = 20;

export interface TestProcess {
  readonly pid: number;
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly port: number;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** How it ended: its code, or the signal that killed it. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** Goes away as a reader: what it writes now meets a closed pipe. */
  closeOutput(): void;
}

interface StartOptions {
  /** On top of our own environment. */
  readonly env?: NodeJS.Dict<string>;
  /** A program and its arguments, in front of node: `setpriv`, `prlimit`. */
  readonly through?: readonly string[];
}

/** A folder for a test, removed at its end with the databases that work in it. */
export async function temporaryFolder(t: TestContext, name = 'ajax-fault-'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  atEnd(t, async () => {
    for (const pid of await databasesAt(folder)) await endProcess(pid, 0);
    const projects = [folder, ...(await readdir(folder)).map((name) => join(folder, name))];
    const data = projects.flatMap((path) => [path, join(path, '.data'), join(path, 'data')]);
    for (const path of [folder, ...data.map(socketFolderOf)]) {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    }
  });
  return folder;
}

/** A copy of the project in that folder, with nothing in it that a start has made. */
export async function copyProject(folder: string): Promise<string> {
  for (const part of PARTS) await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs `server.ts` of that folder until it has said where it listens. */
export async function startProcess(
  t: TestContext,
  folder: string,
  options: StartOptions = {},
): Promise<TestProcess> {
  const child = launch(folder, options);
  const { pid } = child;
  if (pid === undefined) throw new Error('the server could not be started');
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let over: number | string | undefined;
  ended.then((how) => {
    over = how;
  });
  const address = () => /^http:\S+(?=\/$)/m.exec(out())?.[0];
  await until('the server to listen', () => over !== undefined || address() !== undefined);
  const url = address();
  if (url === undefined) throw new Error(`the server ended with ${over}: ${err()}${out()}`);
  return {
    pid,
    url,
    port: Number(new URL(url).port),
    stdout: out,
    stderr: err,
    ended,
    kill: (signal) => child.kill(signal),
    closeOutput() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

/** Runs `server.ts` of that folder to its end. */
export async function runProcess(
  t: TestContext,
  folder: string,
  options: StartOptions = {},
): Promise<{ ended: number | string; stdout: string; stderr: string }> {
  const child = launch(folder, options);
  atEnd(t, () => child.kill('SIGKILL'));
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const ended = await new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { ended, stdout: out(), stderr: err() };
}

function launch(
  folder: string,
  { env = {}, through = [] }: StartOptions,
): ChildProcessByStdio<null, Readable, Readable> {
  const [program = '', ...args] = [...through, process.execPath, ...NODE, 'server.ts'];
  return spawn(program, args, {
    cwd: folder,
    env: {
      ...process.env,
      // Ours may be run by the test runner, and with a database of its own.
      NODE_TEST_CONTEXT: undefined,
      NODE_OPTIONS: undefined,
      DATABASE_URL: '',
      PORT: '0',
      CHECK_UNAME_PER_MINUTE: '0',
      LOGIN_FAILURES: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}

/** Waits until `/readyz` says that the database answers. */
export async function untilReady({ url }: { url: string }): Promise<void> {
  await until('the database', async () => (await fetch(`${url}/readyz`)).status === 200);
}

/**
 * Waits for a condition.
 * @param what named when it does not come
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = START_MS,
): Promise<void> {
  for (const end = performance.now() + ms; !(await condition()); await sleep(LOOK_AGAIN_MS)) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
  }
}

/** Whether there is a process of that number that we may signal. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ends a process, also one that is stopped, and waits; after `ms` it is killed. */
export async function endProcess(pid: number, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  let signals: NodeJS.Signals[] = ['SIGTERM', 'SIGCONT'];
  while (isRunning(pid)) {
    if (performance.now() >= deadline) signals = ['SIGKILL'];
    for (const signal of signals) if (isRunning(pid)) process.kill(pid, signal);
    signals = [];
    await sleep(LOOK_AGAIN_MS);
  }
}

/** The pids of the database programs that were given a path in this folder, or work in it. */
export async function databasesAt(folder: string): Promise<number[]> {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' });
    return lines.split('\n').flatMap((line) => (line.includes(folder) ? [parseInt(line, 10)] : []));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // The tool that makes a data folder is given a name in its current folder.
    const isTool = /(?:mariadb|mysql)[^\0]*\0/.test(args);
    const where = isTool ? await readlink(`/proc/${pid}/cwd`).catch(() => '') : '';
    return args.includes(folder) || where.startsWith(folder) ? [Number(pid)] : [];
  });
  return (await Promise.all(found)).flat();
}

/** The one database program of this folder. A signal to number 0 would go to the whole test run. */
export async function databaseAt(folder: string): Promise<number> {
  const [pid, ...others] = await databasesAt(folder);
  if (pid === undefined || others.length > 0) throw new Error('there is not one database');
  return pid;
}

/** How many files and sockets a process has open; only Linux tells. */
export async function openFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}
