import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noDatabaseProgram } from '../support/database.ts';
import { putData } from '../support/fault-private.ts';
import {
  copyProject,
  openFiles,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

const CLIENTS = 1000;
const AT_ONCE = 50;
const noProc = process.platform === 'linux' ? false : 'only Linux tells what a process has open';

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';
const REQUESTS: readonly string[] = [
  '',
  'GET /check-un',
  'GET / HTTP/1.1\r\nHost: x\r\nAccept:',
  `POST /02-server HTTP/1.1\r\nHost: x\r\n${FORM}Content-Length: 100\r\n\r\na=half`,
  `POST /02-server HTTP/1.1\r\nHost: x\r\n${FORM}Transfer-Encoding: chunked\r\n\r\n5\r\na=1`,
  `POST /02-server HTTP/1.1\r\nHost: x\r\n${FORM}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n`,
  GET('/check-uname?uname=admin'),
  GET('/static/js/common.js'),
  GET('/lab/slow?ms=400'),
  GET('/lab/drip?chunks=50&ms=20'),
  GET('/check-uname?uname=admin').repeat(10),
  GET('/nowhere'),
];

/** Sends something and goes away, politely or not, a moment later. */
async function comeAndGo(port: number, index: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(REQUESTS[index % REQUESTS.length] ?? '');
  // Some read what comes, some do not.
  if (index % 2 === 0) socket.resume();
  await sleep(index % 40);
  if (index % 3 === 0) socket.end();
  else if (index % 3 === 1) socket.destroy();
  else socket.resetAndDestroy();
  await sleep(20);
  socket.destroy();
}

test('clients that go away at any moment, 1,000 of them, leave nothing behind', {
  skip: noDatabaseProgram || noProc,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await putData(join(folder, '.data'));
  const server = await startProcess(t, folder, { env: { LOG: 'off' } });
  await untilReady(server);
  const checks = async () => {
    const check = () => fetch(`${server.url}/check-uname?uname=admin`);
    const answers = await Promise.all(Array.from({ length: 30 }, check));
    await Promise.all(answers.map((answer) => answer.text()));
    return [...new Set(answers.map(({ status }) => status))];
  };
  // All ten connections to the database are made; what the fetches leave open is closed after 5 s.
  assert.deepEqual(await checks(), [200]);
  const before = await openFiles(server.pid);

  let next = 0;
  const clients = async () => {
    while (next < CLIENTS) {
      next += 1;
      await comeAndGo(server.port, next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, clients));

  await until('all sockets to be closed', async () => (await openFiles(server.pid)) <= before);
  assert.deepEqual(await checks(), [200], 'every slot is free');
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.equal(server.stderr(), '', 'no warning of leaked listeners, no error');
});
