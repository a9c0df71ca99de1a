import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { noDatabaseProgram } from './support/database.ts';
import { putData } from './support/fault-private.ts';
import {
  copyProject,
  databasesAt,
  runProcess,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from './support/process.ts';

const NOBODY = 65_534;
/** An address where there is no database: what is tested here needs none. */
const NO_DATABASE = { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax' };
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** Why nobody else can be played here: we are not root, or others cannot even see this folder. */
function notSomebodyElse(): string | false {
  if (process.getuid?.() !== 0) return 'only root can act as somebody else';
  const ours = fileURLToPath(new URL('../node_modules/mysql2/package.json', import.meta.url));
  const { status } = spawnSync('setpriv', [...AS_NOBODY, 'test', '-r', ours]);
  return status !== 0 && 'other users cannot reach this folder';
}

async function project(t: TestContext): Promise<string> {
  return copyProject(await temporaryFolder(t));
}

test('a port in use: one line says so, exit 1, and no database is made or left', async (t) => {
  const folder = await project(t);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const { port } = other.address() as { port: number }; // it listens on a port
  const { ended, stdout, stderr } = await runProcess(t, folder, { env: { PORT: String(port) } });
  assert.equal(ended, 1);
  assert.equal(stdout, '');
  assert.equal(stderr, `cannot listen on 127.0.0.1:${port}: the port is in use; set PORT\n`);
  assert.deepEqual(await databasesAt(folder), []);
  assert.ok(!(await readdir(folder)).includes('.data'));
});

test('a wrong setting: one line names it, exit 1, and the password is not told', async (t) => {
  const env = { DATABASE_URL: 'mysql://root:open%sesame@127.0.0.1/ajax' };
  const { ended, stdout, stderr } = await runProcess(t, await project(t), { env });
  assert.equal(ended, 1);
  assert.match(stderr, /^DATABASE_URL must look like .*\n$/);
  assert.doesNotMatch(stdout + stderr, /sesame/);
});

test('when nobody reads its output any more, the server goes on', async (t) => {
  const server = await startProcess(t, await project(t), { env: NO_DATABASE });
  server.closeOutput();
  for (let count = 0; count < 50; count += 1) {
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  }
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});

test('a second signal exits at once', async (t) => {
  const server = await startProcess(t, await project(t), { env: NO_DATABASE });
  const slow = fetch(`${server.url}/lab/slow?ms=9000`).catch(() => 'cut off');
  await untilBusy(server.url);
  server.kill('SIGTERM');
  await sleep(500);
  const begin = performance.now();
  server.kill('SIGTERM');
  assert.equal(await server.ended, 1);
  assert.ok(performance.now() - begin < 3000, 'it waits for nobody');
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

test('an ordinary user can start it', {
  skip: noDatabaseProgram || notSomebodyElse(),
}, async (t) => {
  const folder = await project(t);
  await putData(join(folder, '.data'));
  await chmod(folder, 0o755);
  for (const name of [
    '.',
    '.data',
    ...(await readdir(join(folder, '.data'), { recursive: true })).map((at) => join('.data', at)),
  ]) {
    await chown(join(folder, name), NOBODY, NOBODY);
  }
  const through = ['setpriv', ...AS_NOBODY];
  const server = await startProcess(t, folder, { through, env: { HOME: folder } });
  await untilReady(server);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.equal(server.stderr(), '');
  assert.deepEqual(await databasesAt(folder), []);
});

test('npm start that is told to end, alone, ends the server; what has come in is answered', async (t) => {
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
  t.after(() => {
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

/** Waits until a request that was sent before this has come in. */
async function untilBusy(url: string): Promise<void> {
  await until('a second answer', async () => (await fetch(`${url}/healthz`)).status === 200);
  await sleep(100);
}
