import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { loadConfig } from '../../lib/config.ts';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf } from '../support/http.ts';
import { type Browser, idOf, openBrowser, registerUsers } from '../support/session-browser.ts';
import { startRequest } from '../support/session-in-flight.ts';

/** Browsers in which these users are logged in, in this order. */
async function loggedIn(t: TestContext, unames: string[], now?: () => number, pass = () => {}) {
  const clock = now === undefined ? {} : { now };
  const { url } = await startApp(t, { database: await testDatabase(), ...clock });
  await registerUsers(...unames);
  const browsers: Browser[] = [];
  for (const uname of unames) {
    const browser = openBrowser(url);
    pass();
    await browser.login(uname);
    browsers.push(browser);
  }
  return { url, browsers };
}

async function handleOf(browser: Browser | undefined): Promise<string> {
  const current = (await browser?.sessions())?.find((session) => session.current);
  return current?.handle ?? '';
}

const isAlive = async (browser: Browser | undefined) => (await browser?.state())?.exists;

describe('GET /sessions', { skip: noDatabaseProgram }, () => {
  test('lists the user’s own sessions, oldest first, and says which is this one', async (t) => {
    let ms = 0;
    const pass = () => {
      ms += 1;
    };
    const { browsers } = await loggedIn(t, ['ann', 'bob', 'ann', 'ann'], () => ms, pass);
    const [, , second] = browsers;
    assert.ok(second);
    ms += 59_999; // the last login came 1 ms after the second
    const list = await second.sessions();
    assert.deepEqual(
      list.map(({ current }) => current),
      [false, true, false],
    );
    for (const { handle, createdAt, lastSeenAt, current, ...others } of list) {
      assert.match(handle, /^[\w-]{43}$/);
      const seenAfter = Date.parse(lastSeenAt) - Date.parse(createdAt);
      assert.equal(seenAfter, current ? 60_000 : 0);
      assert.deepEqual(others, {});
    }
  });

  test('lists no session that is over, swept or not', async (t) => {
    let ms = 0;
    const { sessions } = loadConfig({});
    const pass = () => {
      ms += sessions.idleMs - 1;
    };
    const { browsers } = await loggedIn(t, ['ann', 'ann'], () => ms, pass);
    ms += 1;
    assert.equal((await browsers[1]?.sessions())?.length, 1);
  });

  test('gives handles that lead to no id: they are no part of it and open nothing', async (t) => {
    const { url, browsers } = await loggedIn(t, ['ann', 'ann']);
    const [first] = browsers;
    assert.ok(first);
    const text = JSON.stringify(await first.sessions());
    for (const { cookie } of browsers) {
      const id = idOf(cookie);
      for (const part of [id, id.slice(0, 8), id.slice(-8)]) assert.ok(!text.includes(part));
    }
    const thief = openBrowser(url);
    const handle = await handleOf(first);
    for (const value of [handle, `.${handle}`, `${handle}.${handle}`]) {
      thief.cookie = `user-sid=${value}`;
      assert.equal((await thief.state()).exists, false);
    }
  });

  for (const [method, path] of [
    ['GET', '/sessions'],
    ['DELETE', '/sessions'],
    ['DELETE', '/sessions/x'],
  ] as const) {
    test(`and the like are for users only: ${method} ${path} of a stranger is a 401`, async (t) => {
      const { url } = await loggedIn(t, []);
      const stranger = openBrowser(url);
      await stranger.put('user', 'ann');
      const response = await stranger.ask(method, path);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Session');
      assert.equal(await codeOf(response), 'login_required');
    });
  }
});

describe('DELETE /sessions/:handle', { skip: noDatabaseProgram }, () => {
  test('ends that session at once and no other', async (t) => {
    const { browsers } = await loggedIn(t, ['ann', 'ann', 'ann']);
    const [one, two, three] = browsers;
    const response = await one?.ask('DELETE', `/sessions/${await handleOf(two)}`);
    assert.equal(response?.status, 204);
    assert.deepEqual(response?.headers.getSetCookie(), []);
    assert.deepEqual(await Promise.all([one, two, three].map(isAlive)), [true, false, true]);
    assert.equal((await one?.sessions())?.length, 2);
  });

  test('of the session itself clears its cookie as well', async (t) => {
    const { browsers } = await loggedIn(t, ['ann', 'ann']);
    const [one, two] = browsers;
    const response = await one?.ask('DELETE', `/sessions/${await handleOf(one)}`);
    assert.equal(response?.status, 204);
    assert.deepEqual(response?.headers.getSetCookie(), [
      'user-sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    ]);
    assert.equal((await two?.sessions())?.length, 1);
  });

  test('reaches no session of another, and says no more than for none', async (t) => {
    const { browsers } = await loggedIn(t, ['ann', 'bob']);
    const [ann, bob] = browsers;
    for (const handle of [
      await handleOf(bob),
      'A'.repeat(22),
      idOf(bob?.cookie ?? ''),
      '__proto__',
    ]) {
      const response = await ann?.ask('DELETE', `/sessions/${handle}`);
      assert.equal(response?.status, 404);
      assert.equal(response && (await codeOf(response)), 'no_such_session');
    }
    assert.equal(await isAlive(bob), true);
  });

  test('stops a write of that session that is in flight', async (t) => {
    const { url, browsers } = await loggedIn(t, ['ann', 'ann']);
    const [one, two] = browsers;
    const put = { method: 'PUT', path: '/session/a', cookie: two?.cookie ?? '' };
    const finish = await startRequest(t, url, put);
    await one?.ask('DELETE', `/sessions/${await handleOf(two)}`);
    assert.equal((await finish('value=1')).status, 409);
    assert.equal(await isAlive(two), false);
  });
});

describe('DELETE /sessions', { skip: noDatabaseProgram }, () => {
  test('ends all of the user’s sessions but this one', async (t) => {
    const { browsers } = await loggedIn(t, ['ann', 'ann', 'bob', 'ann']);
    const response = await browsers[1]?.ask('DELETE', '/sessions');
    assert.equal(response?.status, 204);
    assert.deepEqual(await Promise.all(browsers.map(isAlive)), [false, true, true, false]);
  });

  test('asked for by a session that is ended meanwhile ends no other', async (t) => {
    const { url, browsers } = await loggedIn(t, ['ann', 'ann']);
    const [owner, thief] = browsers;
    const request = { method: 'DELETE', path: '/sessions', cookie: thief?.cookie ?? '' };
    const finish = await startRequest(t, url, request);
    await owner?.ask('DELETE', '/sessions');
    assert.equal((await finish()).status, 409);
    assert.equal(await isAlive(owner), true);
  });
});
