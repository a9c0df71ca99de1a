/**
 * Which servers are measured, and how each is run: in production, as fast as its framework's own
 * ways allow.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServerCommand } from './process.ts';
import { PROJECT } from './project.ts';

export interface BenchServer {
  /** For `BENCH_ONLY`. */
  readonly name: string;
  /** With versions, for the table. */
  readonly title: string;
  readonly command: ServerCommand;
}

/** The server that all others are measured by. */
export const BARE = 'bare';

/**
 * How to run a TypeScript file: this Node as it stands, or with tsx where it cannot strip types.
 */
export const NODE: readonly string[] = stripsTypes()
  ? [process.execPath]
  : [process.execPath, '--import', tsx()];

const PEERS = [
  { name: 'fastify', packages: ['fastify', '@fastify/session', '@fastify/static'] },
  { name: 'koa', packages: ['koa', 'koa-session', 'koa-static'] },
  { name: 'express', packages: ['express', 'express-session'] },
];
const PROGRAMS = fileURLToPath(new URL('programs', import.meta.url));
/** As many as the other servers' pools have connections. */
const FLASK_THREADS = 10;

/** Our own server, the real `server.ts` in a copy of the project. */
export function ourServer(folder: string, nodeOptions: readonly string[] = []): BenchServer {
  const env = {
    NODE_ENV: 'production',
    PORT: '0',
    SECRET_KEY: randomBytes(32).toString('hex'),
    LOG: 'off',
    LAB: 'off',
    CHECK_UNAME_PER_MINUTE: '0',
  };
  const command = { command: [...NODE, ...nodeOptions, 'server.ts'], cwd: folder, env };
  return { name: 'ours', title: 'this server', command };
}

/** Those that ours is compared with. @param folder the copy of the project */
export async function otherServers(folder: string, socketPath: string): Promise<BenchServer[]> {
  const env = {
    NODE_ENV: 'production',
    BENCH_STATIC: join(folder, 'static'),
    BENCH_SOCKET: socketPath,
  };
  const inNode = (name: string, title: string): BenchServer => {
    const command = { command: [...NODE, join(PROGRAMS, `${name}.ts`)], cwd: folder, env };
    return { name, title, command };
  };
  const mysql2 = `mysql2 ${await versionOf(join(PROJECT, 'node_modules'), 'mysql2')}`;
  const servers = [inNode(BARE, `bare node:http, ${mysql2}`)];
  for (const { name, packages } of PEERS) {
    const modules = fileURLToPath(new URL('node_modules', import.meta.url));
    const parts = packages.map(async (part) => `${part} ${await versionOf(modules, part)}`);
    servers.push(inNode(name, (await Promise.all(parts)).join(', ')));
  }
  return servers;
}

/**
 * Flask behind gunicorn, where this machine has both.
 * @returns what is missing, where it has not
 */
export async function flaskServer(
  folder: string,
  socketPath: string,
): Promise<BenchServer | string> {
  const python = process.env.BENCH_PYTHON || 'python3';
  const packages = ['flask', 'gunicorn', 'pymysql'];
  const look =
    `import ${packages.join(', ')}; from importlib.metadata import version; ` +
    `print(', '.join(f'{name} {version(name)}' for name in ${JSON.stringify(packages)}))`;
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', look]);
    const how = ['--workers', '1', '--threads', String(FLASK_THREADS), '--bind', '127.0.0.1:0'];
    const env = { BENCH_STATIC: join(folder, 'static'), BENCH_SOCKET: socketPath };
    const command = [python, '-m', 'gunicorn', ...how, 'flask_app:app'];
    return { name: 'flask', title: stdout.trim(), command: { command, cwd: PROGRAMS, env } };
  } catch (error) {
    const lines = error instanceof Error ? error.message.trim().split('\n') : [];
    return lines.at(-1) ?? '';
  }
}

async function versionOf(modules: string, name: string): Promise<string> {
  // Every package has one that says this.
  const { version } = JSON.parse(await readFile(join(modules, name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Whether this Node runs TypeScript by itself. */
export function stripsTypes(): boolean {
  return 'typescript' in process.features && Boolean(process.features.typescript);
}

/** As a path, because it must be found from wherever the process runs. */
function tsx(): string {
  return createRequire(import.meta.url).resolve('tsx');
}
