/** The servers that `--all` looks at: this one, and others as they come, where they are installed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endProcess, until } from '../../support/process.ts';
import { PAGE } from './servers/listen.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAMS = fileURLToPath(new URL('servers', import.meta.url));
const BENCH = join(PROJECT, 'test/bench/node_modules');
const NODE = [process.execPath, '--import', join(PROJECT, 'lib/typescript.mjs')];
const START_MS = 20_000;
const STOP_MS = 3000;

export interface Running {
  readonly url: URL;
  end(): Promise<void>;
}

export interface Server {
  readonly name: string;
  /** A path that takes a form. */
  readonly post?: string;
  /** @returns `undefined` where it is not installed */
  version(): Promise<string | undefined>;
  start(): Promise<Running>;
}

const OURS: Server = {
  name: 'this server',
  post: '/02-server',
  version: async () => process.version,
  // A database that does not answer: none of the requests needs one.
  start: () =>
    run([...NODE, 'server.ts'], { PORT: '0', DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax' }),
};

export const SERVERS: readonly Server[] = [
  OURS,
  inNode('node:http', 'bare', async () => process.version),
  inNode('express', 'express', () => packageVersion('express')),
  inNode('fastify', 'fastify', () => packageVersion('fastify')),
  { name: 'nginx', version: () => programVersion('nginx', '-v'), start: startNginx },
  {
    name: 'gunicorn',
    post: '/form',
    version: () => programVersion('gunicorn', '--version'),
    start: () =>
      run(
        ['gunicorn', '--threads', '8', '--bind', '127.0.0.1:0', 'wsgi:application'],
        {},
        PROGRAMS,
      ),
  },
];

function inNode(name: string, file: string, version: Server['version']): Server {
  const start = () => run([...NODE, join(PROGRAMS, `${file}.ts`)]);
  return { name, post: '/form', version, start };
}

async function packageVersion(name: string): Promise<string | undefined> {
  try {
    const { version } = JSON.parse(await readFile(join(BENCH, name, 'package.json'), 'utf8'));
    return String(version);
  } catch {
    return undefined;
  }
}

async function programVersion(program: string, option: string): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [option]);
    return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'of unknown version';
  } catch {
    return undefined;
  }
}

/** Starts a program, and waits until it has said where it listens, or answers at `url`. */
async function run(
  [program = '', ...args]: readonly string[],
  env: NodeJS.Dict<string> = {},
  cwd = PROJECT,
  url?: URL,
): Promise<Running> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let isOver = false;
  const note = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  child.once('error', note);
  child.once('close', () => {
    isOver = true;
  });
  const found = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
  const isThere = async () => isOver || (url ? await answers(url) : found() !== undefined);
  try {
    await until(`${program} to listen`, isThere, START_MS);
    if (isOver) throw new Error(`${program} has ended: ${said}`);
    return { url: url ?? new URL(found() ?? ''), end: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function stop({ pid, exitCode, signalCode }: ChildProcess): Promise<void> {
  if (pid !== undefined && exitCode === null && signalCode === null) await endProcess(pid, STOP_MS);
}

async function answers(url: URL): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return status === 200;
  } catch {
    return false;
  }
}

async function startNginx(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'check-http-'));
  const port = await freePort();
  await mkdir(join(folder, 'www'));
  await writeFile(join(folder, 'www/index.html'), PAGE);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const config = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    pid nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      types { text/html html; }
      ${paths.map((name) => `${name}_temp_path ${name};`).join(' ')}
      server { listen 127.0.0.1:${port}; root www; }
    }`;
  await writeFile(join(folder, 'nginx.conf'), config);
  const remove = () => rm(folder, { recursive: true, force: true });
  const url = new URL(`http://127.0.0.1:${port}`);
  try {
    const args = ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'];
    const running = await run(['nginx', ...args], {}, folder, url);
    return { url, end: () => running.end().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
