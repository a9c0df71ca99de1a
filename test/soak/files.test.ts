import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { nameOf } from '../support/fault-load.ts';
import { putData } from '../support/fault-private.ts';
import { notAsked } from '../support/fault-soak.ts';
import {
  copyProject,
  databaseAt,
  databasesAt,
  openFiles,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

function limitFiles(pid: number, count: number): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${count}:`]);
}

function get(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, timeout: 3000 }, (response: IncomingMessage) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response.statusCode ?? 0))
        .resume();
    });
    sent
      .on('timeout', () => sent.destroy(new Error('no answer')))
      .on('error', reject)
      .end();
  });
}

test('out of file descriptors: the server lives, says 503 or nothing, and is well again after', {
  skip: notAsked || noDatabaseProgram,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await putData(join(folder, '.data'));
  const server = await startProcess(t, folder);
  await untilReady(server);
  // One visitor is there before the others come.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(t, () => agent.destroy());
  assert.equal(await get(`${server.url}/`, agent), 200);

  limitFiles(server.pid, (await openFiles(server.pid)) + 5);
  const crowd: Socket[] = [];
  atEnd(t, () => {
    for (const socket of crowd) socket.destroy();
  });
  for (let count = 0; count < 60; count += 1) {
    crowd.push(connect(server.port, '127.0.0.1').on('error', () => {}));
  }
  await sleep(300);
  assert.equal(await get(`${server.url}/healthz`, agent), 200);
  assert.equal(await get(`${server.url}/check-uname?uname=admin`, agent), 200);
  // A page may need a file: it is had, or the failure is told.
  assert.ok([200, 500].includes(await get(`${server.url}/`, agent)));
  // Now the database goes as well, and there is nothing left to start it with.
  const pid = await databaseAt(folder);
  process.kill(pid, 'SIGKILL');
  for (let count = 0; count < 10; count += 1) {
    const outcome = await get(`${server.url}/check-uname?uname=admin`, agent).catch(nameOf);
    assert.ok([200, 503].includes(Number(outcome)), String(outcome));
    await sleep(50);
  }

  for (const socket of crowd) socket.destroy();
  limitFiles(server.pid, 1000);
  await untilReady(server);
  assert.equal(await get(`${server.url}/`, new Agent()), 200);
  await until('one database', async () => (await databasesAt(folder)).length === 1);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.deepEqual(await databasesAt(folder), []);
});
