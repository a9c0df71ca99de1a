import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { startApp, type TestApp } from '../support/app.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { openAt, tcpServer } from '../support/fault-database.ts';
import { codeOf, sendForm } from '../support/http.ts';
import { until } from '../support/process.ts';

interface RemoteApp extends TestApp {
  /** What the database has said, a line each. */
  readonly said: readonly string[];
}

async function appOn(t: TestContext, url: URL): Promise<RemoteApp> {
  const said: string[] = [];
  return { ...(await startApp(t, { database: openAt(t, url, said) })), said };
}

async function readyz({ url }: TestApp): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

/** A busy machine may take longer than a request waits. */
function untilReady(app: TestApp): Promise<void> {
  return until('the database', async () => (await readyz(app)) === 200);
}

/** On a busy machine a line about a timeout may come first. */
function untilSaid({ said }: RemoteApp, line: RegExp): Promise<void> {
  return until(`${line}`, () => said.some((one) => line.test(one)));
}

function register({ url }: TestApp, uname: string): Promise<Response> {
  return sendForm(`${url}/register`, { uname, upwd: 'correct horse', nickname: 'x' });
}

describe('DATABASE_URL', { skip: noDatabaseProgram, concurrency: 2 }, () => {
  test('over TCP, with a password of odd characters: the database is made, and kept', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const app = await appOn(t, server.url('my`ajax'));
    await untilReady(app);
    assert.equal((await register(app, 'newcomer')).status, 201);
    const again = await appOn(t, server.url('my`ajax'));
    await untilReady(again);
    assert.equal((await register(again, 'newcomer')).status, 409);
    assert.equal((await register(again, 'admin')).status, 409, 'the seed is there');
    assert.deepEqual(app.said, [`database ready (127.0.0.1:${server.port}/my\`ajax)`]);
  });

  test('with a wrong password: one clear line, 503, and no more than that', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const app = await appOn(t, server.url('ajax', 'learner', 'open sesame'));
    for (let count = 0; count < 20; count += 1) assert.equal(await readyz(app), 503);
    await untilSaid(app, /^database not available: Access denied for user 'learner'@/);
    assert.equal(app.said.filter((line) => line.includes('Access denied')).length, 1);
    assert.doesNotMatch(app.said.join() + app.lines.join(), /sesame/);
    assert.equal((await fetch(`${app.url}/`)).status, 200);
    // The right password, later: it heals without a restart of ours.
    await server.sql(`ALTER USER 'learner'@'%' IDENTIFIED BY 'open sesame'`);
    await untilReady(app);
  });

  test('of a user who may not create tables works when the tables are there', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    await untilReady(await appOn(t, server.url())); // makes them
    await server.sql(`CREATE USER 'limited'@'%' IDENTIFIED BY 'limited';
      GRANT SELECT, INSERT ON ajax.* TO 'limited'@'%'`);
    const app = await appOn(t, server.url('ajax', 'limited', 'limited'));
    await untilReady(app);
    assert.equal((await register(app, 'newcomer')).status, 201);
    await server.sql(`REVOKE INSERT ON ajax.* FROM 'limited'@'%'`);
    const reader = await appOn(t, server.url('ajax', 'limited', 'limited'));
    await untilReady(reader);
    const lack =
      /^database ready .*, but a right is missing: INSERT command denied to user 'limited'/;
    assert.match(String(reader.said), lack, 'at the start, before anybody wants to register');
    assert.equal((await register(reader, 'latecomer')).status, 503);
  });

  test('of a user who may not create tables says so when they are not there', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    await server.sql(`CREATE DATABASE bare; CREATE USER 'limited'@'%' IDENTIFIED BY 'limited';
      GRANT SELECT, INSERT ON bare.* TO 'limited'@'%'`);
    const app = await appOn(t, server.url('bare', 'limited', 'limited'));
    assert.equal(await readyz(app), 503);
    await untilSaid(app, /^database not available: CREATE command denied to user/);
    const other = await appOn(t, server.url('elsewhere', 'limited', 'limited'));
    assert.equal(await readyz(other), 503);
    await untilSaid(other, /^database not available: Access denied for user 'limited'@/);
  });

  test('where no server is yet: 503 at once, and it heals when the server comes', async (t) => {
    const server = await tcpServer(t);
    const app = await appOn(t, server.url());
    for (let count = 0; count < 3; count += 1) {
      const response = await fetch(`${app.url}/check-uname?uname=admin`, {
        signal: AbortSignal.timeout(10_000),
      });
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('retry-after'), '1');
      assert.equal(await codeOf(response), 'database_unavailable');
    }
    assert.equal((await fetch(`${app.url}/`)).status, 200);
    assert.deepEqual(app.said, [
      `database not available: connect ECONNREFUSED 127.0.0.1:${server.port}`,
    ]);
    await server.start();
    await untilReady(app);
    assert.equal((await register(app, 'newcomer')).status, 201);
    assert.equal(app.said.length, 2);
  });

  test('of a database that is dropped under us: it is made again', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const app = await appOn(t, server.url());
    await untilReady(app);
    for (const loss of ['DROP TABLE ajax.users', 'DROP DATABASE ajax']) {
      await server.sql(loss);
      await untilReady(app);
      const response = await fetch(`${app.url}/check-uname?uname=admin`);
      assert.equal(response.status, 200, loss);
      assert.deepEqual(await response.json(), { uname: 'admin', exists: true }, loss);
    }
  });
});
