import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createUsers } from '../../lib/db/users.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { openAt, type TcpServer, tcpServer } from '../support/fault-database.ts';
import { startLoad } from '../support/fault-load.ts';
import { sendForm } from '../support/http.ts';
import { until } from '../support/process.ts';

async function running(t: TestContext): Promise<{ app: TestApp; server: TcpServer }> {
  const server = await tcpServer(t);
  await server.start();
  const app = await startApp(t, { database: openAt(t, server.url()) });
  await until('the database', async () => (await check(app, 'admin')) === 200);
  return { app, server };
}

/**
 * The status. It is there after 1.5 s, as `test/db/return.test.ts` shows; a machine that has other
 * things to do takes its time, but does not wait for the database.
 */
async function check({ url }: TestApp, name: string): Promise<number> {
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(`${url}/check-uname?uname=${name}`, { signal });
  if (response.status === 503) assert.equal(response.headers.get('retry-after'), '1');
  await response.text();
  return response.status;
}

async function register({ url }: TestApp, uname: string): Promise<number> {
  const fields = { uname, upwd: 'correct horse', nickname: 'x' };
  const response = await sendForm(`${url}/register`, fields);
  await response.text();
  return response.status;
}

async function page({ url }: TestApp): Promise<number> {
  const response = await fetch(`${url}/`, { signal: AbortSignal.timeout(10_000) });
  await response.text();
  return response.status;
}

/** So many checks at once, by their statuses. */
async function checks(app: TestApp, count: number): Promise<number[]> {
  const statuses = Array.from({ length: count }, (_, index) => check(app, `name${index}`));
  return [...new Set(await Promise.all(statuses))];
}

describe('a database', { skip: noDatabaseProgram }, () => {
  test('that is killed under load and comes back has everything that was answered 201', async (t) => {
    const { app, server } = await running(t);
    const stored: string[] = [];
    const registering = startLoad(t, 2, async (count) => {
      const status = await register(app, `user-${count}`);
      if (status === 201) stored.push(`user-${count}`);
      return status;
    });
    const checking = startLoad(t, 4, (count) => check(app, `user-${count}`));
    await until('some users', () => stored.length > 3);
    await server.end();
    await until('a failure', () => checking.outcomes.has('503'));
    await server.start();
    const before = stored.length;
    await until('more users', () => stored.length > before);
    assert.deepEqual([...(await checking.stop()).keys()].sort(), ['200', '503']);
    const outcomes = [...(await registering.stop()).keys()];
    // 409: the row was stored, and the answer lost.
    assert.ok(
      outcomes.every((outcome) => ['201', '409', '503'].includes(outcome)),
      `${outcomes}`,
    );
    const rows = await server.sql('SELECT uname FROM ajax.users');
    const names = new Set(rows.map(({ uname }) => uname));
    assert.deepEqual(
      stored.filter((name) => !names.has(name)),
      [],
      'a 201 is a promise',
    );
  });

  test('that is stopped is answered 503 within 2 s; the rest works, and it is got over', async (t) => {
    const { app, server } = await running(t);
    const checking = startLoad(t, 20, (count) => check(app, `name${count}`));
    await until('some answers', () => (checking.outcomes.get('200') ?? 0) > 20);
    server.kill('SIGSTOP');
    await until('a failure', () => checking.outcomes.has('503'));
    for (const end = performance.now() + 2500; performance.now() < end; await sleep(50)) {
      assert.equal(await page(app), 200);
    }
    server.kill('SIGCONT');
    await until('the database', async () => (await check(app, 'admin')) === 200);
    assert.deepEqual([...(await checking.stop()).keys()].sort(), ['200', '503']);
    assert.deepEqual(await checks(app, 50), [200], 'every slot is free');
    await until('the old connections to end', async () => {
      return (await server.sql('SHOW PROCESSLIST')).filter(({ db }) => db === 'ajax').length <= 10;
    });
  });

  test('whose table is locked is answered 503, also to the many in the queue', async (t) => {
    const { app, server } = await running(t);
    const holder = await server.connect();
    await holder.query('LOCK TABLES ajax.users WRITE');
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(await checks(app, 300), [503]);
      assert.equal(await page(app), 200);
    }
    await holder.query('UNLOCK TABLES');
    await until('the database', async () => (await check(app, 'admin')) === 200);
    assert.deepEqual(await checks(app, 50), [200]);
  });

  test('whose row is locked fails that one registration, and stores it when the lock is gone', async (t) => {
    const { app, server } = await running(t);
    const holder = await server.connect();
    await holder.query(
      "BEGIN; INSERT INTO ajax.users (uname, upwd, nickname) VALUES ('held', '!', 'x')",
    );
    const registering = register(app, 'held');
    while ((await Promise.race([registering, sleep(20)])) === undefined) {
      assert.equal(await check(app, 'admin'), 200, 'reading goes on');
    }
    assert.equal(await registering, 503);
    assert.equal(await register(app, 'other'), 201);
    await holder.query('ROLLBACK');
    assert.equal(await register(app, 'held'), 201);
  });

  test('lets one of many registrations of a name win', async (t) => {
    const { app, server } = await running(t);
    const statuses = await Promise.all(Array.from({ length: 8 }, () => register(app, 'wanted')));
    assert.deepEqual(statuses.sort(), [201, ...Array(7).fill(409)]);
    // The same without the passwords' slow hashing, and so really at once.
    const user = { uname: 'wanted-too', nickname: 'x' };
    const users = createUsers(openAt(t, server.url()));
    const all = await Promise.all(Array.from({ length: 50 }, () => users.insert(user, '!')));
    assert.equal(all.filter((stored) => stored !== undefined).length, 1);
  });
});
