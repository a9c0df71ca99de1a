import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { noDatabaseProgram } from '../support/database.ts';
import { putData } from '../support/fault-private.ts';
import { sendForm } from '../support/http.ts';
import {
  copyProject,
  databasesAt,
  startProcess,
  temporaryFolder,
  untilReady,
} from '../support/process.ts';

async function register(url: string, uname: string): Promise<number> {
  const fields = { uname, upwd: 'correct horse', nickname: uname };
  return (await sendForm(`${url}/register`, fields)).status;
}

async function exists(url: string, uname: string): Promise<unknown> {
  const response = await fetch(`${url}/check-uname?uname=${uname}`);
  assert.equal(response.status, 200);
  return ((await response.json()) as { exists: unknown }).exists; // the contract's answer
}

describe('server.ts with its private database', { skip: noDatabaseProgram, concurrency: 2 }, () => {
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
    assert.match(next.stdout(), /^database ready \(was running already\)$/m);
    next.kill('SIGTERM');
    assert.equal(await next.ended, 0);
    assert.deepEqual(await databasesAt(folder), [], 'a database was left');
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
