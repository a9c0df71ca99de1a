import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, chown, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { putData } from '../support/fault-private.ts';
import {
  copyProject,
  databasesAt,
  runProcess,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

const NOBODY = 65_534;
/** An address where there is no database: what is tested here needs none. */
const NO_DATABASE = { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax' };
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

/** Why nobody else can be played here: we are not root, or others cannot even see this folder. */
function notSomebodyElse(): string | false {
  if (process.getuid?.() !== 0) return 'only root can act as somebody else';
  const ours = fileURLToPath(new URL('../../node_modules/mysql2/package.json', import.meta.url));
  const { status } = spawnSync('setpriv', [...AS_NOBODY, 'test', '-r', ours]);
  return status !== 0 && 'other users cannot reach this folder';
}

const ours = Object.values(networkInterfaces()).flat();
const noIpv6 = !ours.some((of) => of?.address === '::1') && 'this machine has no IPv6';

async function project(t: TestContext): Promise<string> {
  return copyProject(await temporaryFolder(t));
}

test('a port in use: one line says so, exit 1, and no database is made or left', async (t) => {
  const folder = await project(t);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => other.close());
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

test('the database is looked for at the start, before anybody asks', async (t) => {
  const server = await startProcess(t, await project(t), { env: NO_DATABASE });
  await until('the line', () => /^database not available: /m.test(server.stdout()));
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.equal(server.stderr(), '');
});

test('an IPv6 address is printed as a browser takes it', {
  skip: noIpv6,
}, async (t) => {
  const env = { ...NO_DATABASE, HOST: '::1' };
  const { url } = await startProcess(t, await project(t), { env });
  assert.match(url, /^http:\/\/\[::1\]:\d+$/);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});

test('HOST=0.0.0.0 prints an address that a browser opens, and says that all are listened on', async (t) => {
  for (const HOST of noIpv6 ? ['0.0.0.0'] : ['0.0.0.0', '::']) {
    const server = await startProcess(t, await project(t), { env: { ...NO_DATABASE, HOST } });
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const line = `listening on all addresses of this machine (HOST=${HOST})\n`;
    await until('the line', () => server.stdout().includes(line));
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  }
});

test('a HOST that is no address here: one line names the variable, exit 1', async (t) => {
  const env = { ...NO_DATABASE, HOST: 'x86_64-conda-linux-gnu.invalid' };
  const { ended, stdout, stderr } = await runProcess(t, await project(t), { env });
  assert.equal(ended, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^cannot listen on x86_64-conda-linux-gnu\.invalid:0: .*; set HOST to .*\n$/,
  );
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
