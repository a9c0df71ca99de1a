import assert from 'node:assert/strict';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { nameOf, startLoad } from '../support/fault-load.ts';
import { putData } from '../support/fault-private.ts';
import { sendForm } from '../support/http.ts';
import {
  copyProject,
  databaseAt,
  databasesAt,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

/** The status, by a connection of that agent; throws when there was none. */
function get(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response: IncomingMessage) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response.statusCode ?? 0))
        .resume();
    })
      .on('error', reject)
      .end();
  });
}

function silent(port: number, bytes: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      resolve(socket);
    }).on('error', reject);
  });
}

test('SIGTERM under load: what has come in is answered, the rest refused, and all is down in 10 s', {
  skip: noDatabaseProgram,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await putData(join(folder, '.data'));
  const server = await startProcess(t, folder, { env: { LOG: 'off' } });
  await untilReady(server);
  // Silent ones: nothing said, half a head, half a body.
  for (const bytes of ['', 'GET / HTTP/1.1\r\nHost:', 'POST /login HTTP/1.1\r\nHost: x\r\n']) {
    const socket = await silent(server.port, bytes);
    socket.on('error', () => {});
    atEnd(t, () => socket.destroy());
  }
  const fields = { uname: 'last-one', upwd: 'correct horse', nickname: 'x' };
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  atEnd(t, () => agent.destroy());
  const load = startLoad(t, 16, (count) => {
    const path = ['/check-uname?uname=admin', '/', '/session'][count % 3] ?? '';
    return get(server.url + path, agent);
  });
  await until('some answers', () => (load.outcomes.get('200') ?? 0) > 100);
  const slow = Array.from({ length: 20 }, () => fetch(`${server.url}/lab/slow?ms=1500`));
  const registered = sendForm(`${server.url}/register`, fields);
  registered.catch(() => {}); // looked at later, when it may have failed already
  await sleep(300);
  // They have come in: the server takes connections in order, and this one is a new one.
  assert.equal(await get(`${server.url}/healthz`, new Agent()), 200);

  const begin = performance.now();
  server.kill('SIGTERM');
  const answers = await Promise.all(slow);
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  // Come in before, answered after: the client is told that the connection is not to be used again.
  const kept = answers.map(({ headers }) => headers.get('connection'));
  assert.deepEqual([...new Set(kept)], ['close']);
  assert.equal((await registered).status, 201);
  const refused = await get(`${server.url}/`, new Agent()).catch(nameOf);
  assert.equal(refused, 'ECONNREFUSED');
  assert.equal(await server.ended, 0);
  assert.ok(performance.now() - begin < 10_000, 'within 10 s');
  const outcomes = new Map(await load.stop());
  outcomes.delete('200');
  outcomes.delete('ECONNREFUSED');
  // A connection that was kept alive may be closed just as the next request sets out (RFC 9112
  // §9.3.1).
  assert.ok((outcomes.get('ECONNRESET') ?? 0) <= 16, `${[...outcomes]}`);
  outcomes.delete('ECONNRESET');
  assert.deepEqual([...outcomes], []);
  assert.equal(server.stderr(), '');
  assert.deepEqual(await databasesAt(folder), []);

  const again = await startProcess(t, folder);
  await untilReady(again);
  const check = await fetch(`${again.url}/check-uname?uname=last-one`);
  assert.deepEqual(await check.json(), { uname: 'last-one', exists: true });
});

test('SIGTERM while the database is stopped, with a request on its way: down in 10 s all the same', {
  skip: noDatabaseProgram,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await putData(join(folder, '.data'));
  const server = await startProcess(t, folder);
  await untilReady(server);
  const pid = await databaseAt(folder);
  process.kill(pid, 'SIGSTOP');
  // The signal reaches each of its threads a moment later, on a busy machine after one more answer.
  await sleep(500);
  const check = fetch(`${server.url}/check-uname?uname=admin`);
  await sleep(200);
  const begin = performance.now();
  server.kill('SIGTERM');
  assert.equal((await check).status, 503);
  assert.equal(await server.ended, 0);
  assert.ok(performance.now() - begin < 12_000, 'the wait is bounded');
  assert.deepEqual(await databasesAt(folder), []);
});
