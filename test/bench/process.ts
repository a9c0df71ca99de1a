/**
 * A server in a process of its own: started, waited for until it says where it listens, and ended.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Life } from './life.ts';

export interface ServerProcess {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly pid: number;
  /** Kills it, and waits until it has gone. */
  end(): Promise<void>;
}

export interface ServerCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.Dict<string>;
}

const START_MS = 30_000;
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;

/** Starts a server; what it knows of our environment is where programs are, and nothing else. */
export async function startServer(
  life: Life,
  { command, cwd, env }: ServerCommand,
): Promise<ServerProcess> {
  life.signal.throwIfAborted();
  const [program = '', ...args] = command;
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(program, args, {
    cwd,
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C is for us, and what is behind `npm` is reached as well.
    detached: true,
  });
  const kill = () => send(child, 'SIGKILL');
  process.once('exit', kill);
  const end = async () => {
    await endChild(child);
    process.off('exit', kill);
  };
  life.atEnd(end);
  const url = await addressOf(child, command, life.signal);
  return { url, pid: child.pid ?? 0, end };
}

/** Reads what the server prints until there is an address in it. */
function addressOf(
  child: ChildProcess,
  command: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_MS)]);
  return new Promise((resolve, reject) => {
    let printed = '';
    const fail = (why: unknown) => reject(new Error(`${command.join(' ')}: ${why}\n${printed}`));
    child.once('error', fail);
    child.once('close', (code, killedBy) => fail(`it ended with ${code ?? killedBy}`));
    limit.addEventListener('abort', () => fail(limit.reason));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        if (printed.length < 10_000) printed += text;
        const [url] = ADDRESS.exec(printed) ?? [];
        if (url !== undefined) resolve(url);
      });
    }
  });
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  // Killed: on SIGTERM ours would stop the database that the others use as well.
  send(child, 'SIGKILL');
  await closed;
}

function send({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
