/** Shutdown: by signals, under npm, and after an uncaught exception. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../support/at-end.ts';
import {
  copyProject,
  isRunning,
  startProcess,
  type TestProcess,
  temporaryFolder,
  until,
} from '../support/process.ts';

/** An address where there is no database: what is tested here needs none. */
const NO_DATABASE = { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax' };

const noTerminal = !existsSync('/usr/bin/script') && 'needs script(1) of util-linux';

async function project(t: TestContext): Promise<string> {
  return copyProject(await temporaryFolder(t));
}

/** The server with a module in front of it, whose errors are not caught. */
async function startWith(t: TestContext, module: string): Promise<TestProcess> {
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(module)}`;
  return startProcess(t, await project(t), { env: { ...NO_DATABASE, NODE_OPTIONS } });
}

test('a second signal exits at once', async (t) => {
  const server = await startProcess(t, await project(t), { env: NO_DATABASE });
  const slow = fetch(`${server.url}/lab/slow?ms=9000`).catch(() => 'cut off');
  await untilBusy(server.url);
  server.kill('SIGTERM');
  await sleep(500);
  const begin = performance.now();
  server.kill('SIGTERM');
  assert.equal(await server.ended, 1);
  assert.ok(performance.now() - begin < 3000, 'it does not wait');
  assert.equal(await slow, 'cut off');
});

test('a signal that comes twice in a moment is one signal', async (t) => {
  const server = await startProcess(t, await project(t), { env: NO_DATABASE });
  const slow = fetch(`${server.url}/lab/slow?ms=500`);
  await untilBusy(server.url);
  // As `node --watch` does it: the terminal's Ctrl-C, and its own.
  server.kill('SIGINT');
  server.kill('SIGTERM');
  assert.equal((await slow).status, 200);
  assert.equal(await server.ended, 0);
});

test('SIGHUP does not stop it without a terminal, as after `nohup npm start &`', async (t) => {
  const server = await startProcess(t, await project(t), { env: NO_DATABASE });
  server.kill('SIGHUP');
  for (let count = 0; count < 10; count += 1) {
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  }
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});

test('SIGHUP stops it at a terminal, when that is closed', { skip: noTerminal }, async (t) => {
  // script(1) gives the shell a terminal; the server's pid is the first line.
  const command = `echo "pid $$"; exec '${process.execPath}' --import ./lib/typescript.mjs server.ts`;
  const shell = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: await project(t),
    env: { ...process.env, NODE_TEST_CONTEXT: '', PORT: '0', ...NO_DATABASE },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  atEnd(t, () => shell.kill('SIGKILL'));
  await until('the server to listen', () => /^http:\S+\/\r?$/m.test(printed));
  const pid = Number(/^pid (\d+)/m.exec(printed)?.[1]);
  shell.kill('SIGKILL'); // which closes the terminal
  await until('the server to end', () => !isRunning(pid));
});

test('SIGTERM to npm alone stops the server; requests in flight are answered', async (t) => {
  const folder = await project(t);
  const { PATH, HOME, TMPDIR } = process.env;
  const npm = spawn('npm', ['start'], {
    cwd: folder,
    env: { PATH, HOME, TMPDIR, PORT: '0', ...NO_DATABASE },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, for the clean-up of a test that fails.
    detached: true,
  });
  const { pid = 0 } = npm;
  assert.ok(pid > 0);
  atEnd(t, () => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It is gone, as it should be.
    }
  });
  let printed = '';
  npm.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  const over = once(npm.stdout, 'close');
  const address = () => /^http:\S+(?=\/$)/m.exec(printed)?.[0] ?? '';
  await until('the server to listen', () => address() !== '');
  const slow = fetch(`${address()}/lab/slow?ms=2000`);
  await untilBusy(address());
  npm.kill('SIGTERM');
  assert.equal((await slow).status, 200);
  // The last one that could write to it has gone.
  await over;
  await assert.rejects(fetch(`${address()}/healthz`));
});

test('an uncaught exception stops it; requests in flight are answered, and exit 1', {
  timeout: 60_000,
}, async (t) => {
  const server = await startWith(t, `process.on('SIGUSR2', () => { throw new Error('oh') })`);
  const slow = fetch(`${server.url}/lab/slow?ms=500`);
  await untilBusy(server.url);
  server.kill('SIGUSR2');
  assert.equal((await slow).status, 200);
  assert.equal(await server.ended, 1);
  assert.match(server.stderr(), /^uncaught exception: Error: oh\n/);
});

test('an unhandled rejection is logged, and the server goes on', async (t) => {
  const server = await startWith(t, `process.on('SIGUSR2', () => Promise.reject(new Error('oh')))`);
  server.kill('SIGUSR2');
  await until('the line', () => /^unhandled rejection: Error: oh\n/.test(server.stderr()));
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});

test('a stop that goes wrong is logged, and ends it all the same: exit 1', async (t) => {
  const server = await startWith(
    t,
    `import { Server } from 'node:net'; Server.prototype.close = () => { throw new Error('oh') }`,
  );
  server.kill('SIGTERM');
  assert.equal(await server.ended, 1);
  assert.match(server.stderr(), /^while stopping: Error: oh\n/);
});

test('a connection that cannot be accepted is logged, and the next one is', async (t) => {
  const server = await startWith(
    t,
    `import { Server } from 'node:net';
    const { listen } = Server.prototype;
    Server.prototype.listen = function (...all) {
      process.on('SIGUSR2', () => this.emit('error', new Error('oh')));
      return listen.apply(this, all);
    }`,
  );
  for (let count = 1; count <= 2; count += 1) {
    server.kill('SIGUSR2');
    const lines = () => server.stderr().match(/^cannot accept a connection: Error: oh$/gm) ?? [];
    await until('the line', () => lines().length === count);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  }
});

/** Waits until a request that was sent before this has come in. */
async function untilBusy(url: string): Promise<void> {
  await until('a second answer', async () => (await fetch(`${url}/healthz`)).status === 200);
  await sleep(100);
}
