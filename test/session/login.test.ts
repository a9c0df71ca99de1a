import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { openBrowser, registerUsers, UPWD } from '../support/session-browser.ts';
import { startRequest } from '../support/session-in-flight.ts';

const STRANGER = { exists: false, user: null, data: {} };

async function startWithUsers(t: TestContext): Promise<string> {
  const { url } = await startApp(t, { database: await testDatabase() });
  await registerUsers('ann', 'bob');
  return url;
}

/** A second browser that holds the same cookie: a thief, or whoever planted it. */
function copyOf(url: string, { cookie }: { cookie: string }) {
  const copy = openBrowser(url);
  copy.cookie = cookie;
  return copy;
}

/** The user's cookie that a response sets. */
function userCookie(setCookie: readonly string[]): string {
  return setCookie.find((one) => one.startsWith('user-sid='))?.split(';', 1)[0] ?? '';
}

describe('POST /login', { skip: noDatabaseProgram }, () => {
  test('gives a new id and keeps the data; the old id is dead at once', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.put('cart', 'tea');
    const planted = copyOf(url, browser);
    await browser.login('ann');
    assert.match(browser.cookie, /^user-sid=[^;]+$/, 'the visitor’s cookie is cleared');
    const { user, data } = await browser.state();
    assert.deepEqual(user, { uname: 'ann', nickname: 'ann' });
    assert.deepEqual(data, { cart: 'tea' });
    assert.deepEqual(await planted.state(), STRANGER);
  });

  test('sets the cookie once, with its exact attributes', async (t) => {
    const url = await startWithUsers(t);
    const fields = { uname: 'ann', upwd: 'correct horse' };
    const response = await openBrowser(url).ask('POST', '/login', fields);
    const [setCookie = '', ...more] = response.headers.getSetCookie();
    assert.match(setCookie, /^user-sid=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.deepEqual(more, []);
  });

  test('of the same user again gives a new id and keeps the data', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.login('ann');
    await browser.put('cart', 'tea');
    const before = copyOf(url, browser);
    await browser.login('ann');
    assert.deepEqual((await browser.state()).data, { cart: 'tea' });
    assert.deepEqual(await before.state(), STRANGER);
    assert.equal((await browser.sessions()).length, 1);
  });

  test('of another user gets none of the data, and ends the session before', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.login('ann');
    await browser.put('diary', 'dear diary');
    const before = copyOf(url, browser);
    await browser.login('bob');
    const { user, data } = await browser.state();
    assert.deepEqual([user?.uname, data], ['bob', {}]);
    assert.deepEqual(await before.state(), STRANGER);
  });

  test('that fails changes neither the session nor the cookie', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.put('cart', 'tea');
    const response = await browser.ask('POST', '/login', { uname: 'ann', upwd: 'wrong' });
    assert.equal(response.status, 401);
    assert.deepEqual(response.headers.getSetCookie(), []);
    const { user, data } = await browser.state();
    assert.deepEqual([user, data], [null, { cart: 'tea' }]);
  });

  test('leaves a write that was in flight with the old id outside', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.put('cart', 'tea');
    const put = { method: 'PUT', path: '/session/cart', cookie: browser.cookie };
    const finish = await startRequest(t, url, put);
    await browser.login('ann');
    const answer = await finish('value=poison');
    assert.equal(answer.status, 409);
    assert.deepEqual(answer.setCookie, []);
    assert.deepEqual((await browser.state()).data, { cart: 'tea' });
  });

  for (const twice of ['at once', 'one after the other'] as const) {
    test(`sent twice, ${twice}, ends in one session with the visitor's data`, async (t) => {
      const url = await startWithUsers(t);
      const browser = openBrowser(url);
      await browser.put('cart', 'tea');
      const login = { method: 'POST', path: '/login', cookie: browser.cookie };
      const start = () => startRequest(t, url, login);
      const first = await start();
      const second = twice === 'at once' ? await start() : undefined;
      const form = `uname=ann&upwd=${encodeURIComponent(UPWD)}`;
      const answers = [await first(form), await (second ?? (await start()))(form)];
      for (const { status, setCookie } of answers) {
        assert.equal(status, 200);
        const held = copyOf(url, { cookie: userCookie(setCookie) });
        const { user, data } = await held.state();
        assert.deepEqual([user?.uname, data], ['ann', { cart: 'tea' }]);
        assert.equal((await held.sessions()).length, 1);
      }
    });
  }

  test('of two users at once from one browser gives each a session of their own', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.put('cart', 'tea');
    const login = { method: 'POST', path: '/login', cookie: browser.cookie };
    const users = ['ann', 'bob'];
    const finishes = await Promise.all(users.map(() => startRequest(t, url, login)));
    const found: unknown[] = [];
    for (const [at, finish] of finishes.entries()) {
      const { setCookie } = await finish(`uname=${users[at]}&upwd=${encodeURIComponent(UPWD)}`);
      const { user, data } = await copyOf(url, { cookie: userCookie(setCookie) }).state();
      found.push([user?.uname, data]);
    }
    assert.deepEqual(found, [
      ['ann', { cart: 'tea' }],
      ['bob', {}],
    ]);
  });

  test('sent twice brings no session back that was logged out in between', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.put('cart', 'tea');
    const login = { method: 'POST', path: '/login', cookie: browser.cookie };
    const late = await startRequest(t, url, login);
    await browser.login('ann');
    const stolen = copyOf(url, browser);
    await browser.ask('POST', '/logout');
    const { status, setCookie } = await late(`uname=ann&upwd=${encodeURIComponent(UPWD)}`);
    assert.equal(status, 200);
    assert.deepEqual(await stolen.state(), STRANGER);
    browser.cookie = userCookie(setCookie);
    const { user, data } = await browser.state();
    assert.deepEqual([user?.uname, data], ['ann', {}]);
  });

  test('is not undone by a first write that it overtook', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    const put = { method: 'PUT', path: '/session/cart', cookie: '' };
    const late = await startRequest(t, url, put);
    await browser.login('ann');
    const { status, setCookie } = await late('value=tea');
    assert.equal(status, 201);
    // Browsers send cookies in the order in which they were made (RFC 6265bis §5.8.3), or otherwise.
    const visitors = setCookie[0]?.split(';', 1)[0] ?? '';
    for (const cookie of [`${browser.cookie}; ${visitors}`, `${visitors}; ${browser.cookie}`]) {
      const both = copyOf(url, { cookie });
      assert.equal((await both.state()).user?.uname, 'ann');
    }
    // The visitor's session is there when the user's has ended.
    const visitor = copyOf(url, { cookie: visitors });
    assert.deepEqual((await visitor.state()).data, { cart: 'tea' });
  });
});

describe('POST /logout', { skip: noDatabaseProgram }, () => {
  test('ends the session on the server, and clears the cookie as it was set', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.login('ann');
    await browser.put('cart', 'tea');
    const kept = copyOf(url, browser);
    const response = await browser.ask('POST', '/logout');
    assert.equal(response.status, 204);
    assert.deepEqual(response.headers.getSetCookie(), [
      'user-sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    ]);
    assert.deepEqual(await kept.state(), STRANGER);
    await browser.login('ann');
    assert.deepEqual((await browser.state()).data, {});
  });

  test('wins over a write in flight: the session stays ended', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.login('ann');
    const kept = copyOf(url, browser);
    const put = { method: 'PUT', path: '/session/cart', cookie: browser.cookie };
    const finish = await startRequest(t, url, put);
    await browser.ask('POST', '/logout');
    const answer = await finish('value=late');
    assert.equal(answer.status, 409);
    assert.deepEqual(answer.setCookie, []);
    assert.deepEqual(await kept.state(), STRANGER);
  });

  test('ends every session whose cookie it was sent, and clears each cookie', async (t) => {
    const url = await startWithUsers(t);
    const [visitor, user] = [openBrowser(url), openBrowser(url)];
    await visitor.put('cart', 'tea');
    await user.login('ann');
    const both = copyOf(url, { cookie: `${visitor.cookie}; ${user.cookie}` });
    const response = await both.ask('POST', '/logout');
    assert.deepEqual(response.headers.getSetCookie().sort(), [
      'sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
      'user-sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    ]);
    assert.equal(both.cookie, '');
    assert.deepEqual([await visitor.state(), await user.state()], [STRANGER, STRANGER]);
  });

  test('ends this session and no other of the user', async (t) => {
    const url = await startWithUsers(t);
    const [one, two] = [openBrowser(url), openBrowser(url)];
    await one.login('ann');
    await two.login('ann');
    await one.ask('POST', '/logout');
    assert.equal((await two.sessions()).length, 1);
  });
});
