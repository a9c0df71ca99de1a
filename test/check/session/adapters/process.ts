/** An adapter in a process of its own: started on a free port, waited for, and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { socketFolderOf } from '../../../../lib/db/local-server.ts';
import type { Adapter } from './list.ts';

const START_MS = 60_000;
const STOP_MS = 10_000;
const POLL_MS = 50;
const HERE = fileURLToPath(new URL('.', import.meta.url));

export interface Running {
  readonly url: string;
  end(): Promise<void>;
}

/** Starts it, in a folder of its own for what it writes. @throws Error with what it has printed */
export async function startAdapter(adapter: Adapter, env: NodeJS.Dict<string>): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'ajax-session-'));
  const port = await freePort();
  const [program = '', ...args] = await adapter.command(port, folder);
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const child = spawn(program, args, {
    cwd: HERE,
    env: {
      ...{ PATH, HOME, TMPDIR, LANG, PYTHONDONTWRITEBYTECODE: '1', NODE_ENV: 'production' },
      ...{ PORT: String(port), FOLDER: folder, ...adapter.env, ...env },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: workers are ended with their parent, and Ctrl-C is ours.
    detached: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      if (printed.length < 10_000) printed += text;
    });
  const kill = () => signal(child, 'SIGKILL');
  process.once('exit', kill);
  const end = async () => {
    await endChild(child);
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await rm(socketFolderOf(folder), { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}${adapter.path ?? ''}`;
  try {
    await untilItAnswers(child, url);
  } catch (error) {
    await end();
    throw new Error(
      `${adapter.name}: ${error instanceof Error ? error.message : error}\n${printed}`,
    );
  }
  return { url, end };
}

async function untilItAnswers(child: ChildProcess, url: string): Promise<void> {
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
  });
  for (const end = performance.now() + START_MS; performance.now() < end; await sleep(POLL_MS)) {
    if (failure !== undefined) throw failure;
    if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    const answer = await fetch(`${url}/whoami`).catch(() => undefined); // it does not listen yet
    if (answer?.ok) return;
  }
  throw new Error(`it does not answer within ${START_MS / 1000} s`);
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, 'close');
  return port;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const closed = once(child, 'close');
  signal(child, 'SIGTERM');
  const timer = setTimeout(() => signal(child, 'SIGKILL'), STOP_MS);
  await closed;
  clearTimeout(timer);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    // It has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
