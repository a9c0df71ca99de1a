/**
 * Sessions in the database, as SESSION_STORE=database keeps them: two processes that share one, and
 * what the store keeps to beyond what `test/db/session-store.test.ts` shows.
 */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { createSessionCookie } from '../../lib/session/cookie.ts';
import { createSessions } from '../../lib/session/sessions.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { emptyStore } from '../support/database-store.ts';
import { openAt, tcpServer } from '../support/fault-database.ts';
import { putData, untilAnswered } from '../support/fault-private.ts';
import { codeOf, sendForm } from '../support/http.ts';
import {
  copyProject,
  startProcess,
  type TestProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';
import { idOf, openBrowser } from '../support/session-browser.ts';
import { startRequest } from '../support/session-in-flight.ts';
import { add, patchOf, TIMEOUTS } from '../support/session-store.ts';

const SHARED = { SESSION_STORE: 'database', SECRET_KEY: 'k'.repeat(32) };
const UPWD = 'correct horse';

/** Two processes of one project, and so with one private database. */
async function twoProcesses(t: TestContext): Promise<[TestProcess, TestProcess]> {
  const folder = await copyProject(await temporaryFolder(t));
  await putData(`${folder}/.data`);
  const start = () => startProcess(t, folder, { env: SHARED });
  const both: [TestProcess, TestProcess] = [await start(), await start()];
  for (const one of both) await untilReady(one);
  return both;
}

describe('two processes with one database', { skip: noDatabaseProgram }, () => {
  test('serve the same sessions: what one made the other reads, writes, lists and ends', async (t) => {
    const [one, two] = await twoProcesses(t);
    const [here, there] = [openBrowser(one.url), openBrowser(two.url)];
    await here.put('level', 'user');
    there.cookie = here.cookie;
    const { data, createdAt = '' } = await there.state();
    assert.deepEqual(data, { level: 'user' });
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 600_000, createdAt);
    await there.put('level', 'admin');
    assert.deepEqual((await here.state()).data, { level: 'admin' });

    const user = { uname: 'newcomer', upwd: UPWD, nickname: 'x' };
    assert.equal((await sendForm(`${one.url}/register`, user)).status, 201);
    const login = { uname: 'newcomer', upwd: UPWD };
    assert.equal((await here.ask('POST', '/login', login)).status, 200);
    assert.equal((await there.state()).exists, false, 'the id of before the login is dead');
    there.cookie = '';
    assert.equal((await there.ask('POST', '/login', login)).status, 200);
    const [first, second] = await there.sessions();
    assert.deepEqual([first?.current, second?.current], [false, true]);
    assert.equal((await there.ask('DELETE', `/sessions/${first?.handle}`)).status, 204);
    assert.equal((await here.state()).exists, false);

    // Both end, and start again: sessions live on.
    for (const process of [one, two]) process.kill('SIGTERM');
    assert.deepEqual(await Promise.all([one.ended, two.ended]), [0, 0]);
  });

  test('lose none of 200 writes that come to both at once', async (t) => {
    const urls = (await twoProcesses(t)).map(({ url }) => url);
    const visitors = await Promise.all(
      urls.flatMap((url) =>
        [1, 2].map(async () => {
          const visitor = openBrowser(url);
          await visitor.put('key-0', 'first');
          return visitor;
        }),
      ),
    );
    const writes = visitors.flatMap(({ cookie }) =>
      Array.from({ length: 50 }, (_, number) => {
        const visitor = openBrowser(urls[number % 2] ?? '');
        visitor.cookie = cookie;
        return visitor.put(`key-${number}`, 'written');
      }),
    );
    await Promise.all(writes);
    for (const visitor of visitors) {
      const { data } = await visitor.state();
      assert.equal(Object.values(data).filter((value) => value === 'written').length, 50);
    }
  });

  test('bring nothing back: a logout on one wins over writes in flight on the other', async (t) => {
    const [one, two] = await twoProcesses(t);
    const browser = openBrowser(one.url);
    await browser.put('level', 'user');
    const { cookie } = browser;
    const put = { method: 'PUT', path: '/session/level', cookie };
    const writes = await Promise.all([1, 2, 3].map(() => startRequest(t, two.url, put)));
    assert.equal((await browser.ask('POST', '/logout')).status, 204);
    for (const finish of writes) {
      const answer = await finish('value=late');
      assert.equal(answer.status, 409);
      assert.equal(JSON.parse(answer.body).code, 'session_ended');
    }
    browser.cookie = cookie;
    assert.equal((await browser.state()).exists, false);
  });

  test('outlived by their sessions: after both have ended, the next start serves them', async (t) => {
    const folder = await copyProject(await temporaryFolder(t));
    await putData(`${folder}/.data`);
    const before = await startProcess(t, folder, { env: SHARED });
    await untilReady(before);
    const browser = openBrowser(before.url);
    await browser.put('level', 'user');
    before.kill('SIGTERM');
    assert.equal(await before.ended, 0);
    const after = await startProcess(t, folder, { env: SHARED });
    await untilReady(after);
    const again = openBrowser(after.url);
    again.cookie = browser.cookie;
    assert.deepEqual((await again.state()).data, { level: 'user' });
  });
});

describe('the store in the database', { skip: noDatabaseProgram }, () => {
  test('holds no id: who reads the table has nobody’s session', async () => {
    const { store, database } = await emptyStore();
    const sessions = createSessions<{ k: string }>(store, createSessionCookie(['k'.repeat(32)]));
    const { session, close } = await sessions.open('', false);
    session.set('k', 'v');
    const id = idOf((await close())[0]?.split(';', 1)[0] ?? '');
    assert.equal(id.length, 43);
    const rows = await database.select('SELECT * FROM sessions', []);
    assert.equal(rows.length, 1);
    assert.ok(!JSON.stringify(rows).includes(id));
  });

  test('writes nothing for a read, but once in a twentieth of the idle life', async () => {
    let ms = 0;
    const { store, database } = await emptyStore(() => ms);
    const handle = await add(store);
    const seenAt = async () =>
      (await database.select('SELECT seen_at FROM sessions', []))[0]?.seen_at;
    ms = TIMEOUTS.idleMs / 20 - 1;
    assert.equal((await store.load(handle))?.seenAt, 0);
    assert.equal(await seenAt(), 0);
    ms += 1;
    assert.equal((await store.load(handle))?.seenAt, ms);
    assert.equal(await seenAt(), ms);
  });

  test('deletes by each process what has expired, and costs nobody a live session', async () => {
    let ms = 0;
    const { store, database } = await emptyStore(() => ms);
    for (let count = 0; count < 20; count += 1) await add(store);
    ms += TIMEOUTS.idleMs;
    const handle = await add(store, patchOf({ k: 'v' }));
    const other = createDatabaseStore({ ...TIMEOUTS, database });
    const counts = await Promise.all([store.sweep(50), other.sweep(50)]);
    assert.equal(counts[0] + counts[1], 20);
    assert.ok(await other.load(handle));
  });

  test('stores also where the server’s default is not to commit', async (t) => {
    const server = await tcpServer(t, ['--autocommit=0']);
    await server.start();
    const first = openAt(t, server.url());
    await untilAnswered(first);
    const handle = await add(createDatabaseStore({ ...TIMEOUTS, database: first }));
    const second = openAt(t, server.url());
    await untilAnswered(second);
    assert.ok(await createDatabaseStore({ ...TIMEOUTS, database: second }).load(handle));
  });

  test('that is not there is answered 503, and is back when the database is', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const folder = await copyProject(await temporaryFolder(t));
    const env = { ...SHARED, DATABASE_URL: server.url().href };
    const process = await startProcess(t, folder, { env });
    await untilReady(process);
    const browser = openBrowser(process.url);
    await browser.put('level', 'user');
    await server.end();
    await until('the loss', async () => (await browser.ask('GET', '/session')).status === 503);
    const response = await browser.ask('PUT', '/session/level', { value: 'lost' });
    assert.equal(await codeOf(response), 'database_unavailable');
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal((await fetch(`${process.url}/`)).status, 200);
    await server.start();
    await untilReady(process);
    assert.deepEqual((await browser.state()).data, { level: 'user' });
    assert.notEqual(idOf(browser.cookie), '');
  });
});
