import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noDatabaseProgram } from './support/database.ts';
import { putData } from './support/fault-private.ts';
import { sendForm } from './support/http.ts';
import {
  copyProject,
  databasesAt,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from './support/process.ts';

async function register(url: string, uname: string): Promise<number> {
  const fields = { uname, upwd: 'correct horse', nickname: uname };
  return (await sendForm(`${url}/register`, fields)).status;
}

async function exists(url: string, uname: string): Promise<unknown> {
  const response = await fetch(`${url}/check-uname?uname=${uname}`);
  assert.equal(response.status, 200);
  return ((await response.json()) as { exists: unknown }).exists; // the contract's answer
}

describe('server.ts with its private database', { skip: noDatabaseProgram }, () => {
  test('makes the database at the first start, and has its data at the second', async (t) => {
    const folder = await copyProject(await temporaryFolder(t));
    const first = await startProcess(t, folder);
    await untilReady(first);
    assert.equal(await register(first.url, 'keeper'), 201);
    first.kill('SIGTERM');
    assert.equal(await first.ended, 0);
    assert.deepEqual(await databasesAt(folder), [], 'a database was left');
    assert.equal(first.stderr(), '');

    const second = await startProcess(t, folder);
    await untilReady(second);
    assert.equal(await exists(second.url, 'keeper'), true);
    second.kill('SIGINT');
    assert.equal(await second.ended, 0);
    assert.deepEqual(await databasesAt(folder), [], 'a database was left');
  });

  test('uses the server again that a killed run left behind, and stops it', async (t) => {
    const folder = await copyProject(await temporaryFolder(t));
    await putData(join(folder, '.data'));
    const killed = await startProcess(t, folder);
    await untilReady(killed);
    assert.equal(await register(killed.url, 'keeper'), 201);
    killed.kill('SIGKILL');
    await killed.ended;
    const left = await databasesAt(folder);
    assert.equal(left.length, 1, 'the database runs on');

    const next = await startProcess(t, folder);
    await untilReady(next);
    assert.equal(await exists(next.url, 'keeper'), true);
    assert.deepEqual(await databasesAt(folder), left);
    next.kill('SIGTERM');
    assert.equal(await next.ended, 0);
    assert.deepEqual(await databasesAt(folder), [], 'a database was left');
  });

  test('can be started twice at once in one folder; the last to go stops the database', async (t) => {
    const folder = await copyProject(await temporaryFolder(t));
    const [one, two] = await Promise.all([startProcess(t, folder), startProcess(t, folder)]);
    await Promise.all([untilReady(one), untilReady(two)]);
    await until('one database', async () => (await databasesAt(folder)).length === 1);
    one.kill('SIGTERM');
    assert.equal(await one.ended, 0);
    assert.equal(await exists(two.url, 'admin'), true);
    two.kill('SIGTERM');
    assert.equal(await two.ended, 0);
    assert.deepEqual(await databasesAt(folder), []);
  });

  test('stops cleanly at any moment of the very first start', async (t) => {
    const folder = await copyProject(await temporaryFolder(t));
    for (const ms of [50, 200, 450]) {
      const server = await startProcess(t, folder);
      await sleep(ms);
      server.kill('SIGTERM');
      assert.equal(await server.ended, 0, `after ${ms} ms`);
      assert.deepEqual(await databasesAt(folder), [], `after ${ms} ms`);
      const drafts = (await readdir(join(folder, '.data'))).filter((name) => /^db\.\d/.test(name));
      assert.deepEqual(drafts, [], `after ${ms} ms`);
    }
    // And without a farewell, which leaves the half-made where it is.
    const killed = await startProcess(t, folder);
    await sleep(200);
    killed.kill('SIGKILL');
    await killed.ended;
    const server = await startProcess(t, folder);
    await untilReady(server);
    assert.equal(await exists(server.url, 'admin'), true);
    await until('one database', async () => (await databasesAt(folder)).length === 1);
  });

  test('works in a folder whose path is too long for a socket, with blanks and any letters', async (t) => {
    const parent = await temporaryFolder(t);
    const folder = join(parent, 'my project – 数据库 '.repeat(8).trim());
    await mkdir(folder);
    await copyProject(folder);
    await putData(join(folder, '.data'));
    const server = await startProcess(t, folder);
    await untilReady(server);
    assert.equal(await exists(server.url, 'admin'), true);
    server.kill('SIGTERM');
    assert.equal(await server.ended, 0);
    assert.deepEqual(await databasesAt(folder), []);
  });
});
