import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { openBrowser, registerUsers } from '../support/session-browser.ts';
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

describe('POST /login', { skip: noDatabaseProgram }, () => {
  test('gives a new id and keeps the data; the old id is dead at once', async (t) => {
    const url = await startWithUsers(t);
    const browser = openBrowser(url);
    await browser.put('cart', 'tea');
    const planted = copyOf(url, browser);
    await browser.login('ann');
    assert.notEqual(browser.cookie, planted.cookie);
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
    assert.match(setCookie, /^sid=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
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
      'sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
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

  test('ends this session and no other of the user', async (t) => {
    const url = await startWithUsers(t);
    const [one, two] = [openBrowser(url), openBrowser(url)];
    await one.login('ann');
    await two.login('ann');
    await one.ask('POST', '/logout');
    assert.equal((await two.sessions()).length, 1);
  });
});
