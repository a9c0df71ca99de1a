import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { type Browser, idOf, openBrowser } from '../support/session-browser.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The text with the last bit of the letter at that place turned over. */
const replaced = (text: string, at: number) =>
  text.slice(0, at) + BASE64URL[BASE64URL.indexOf(text.charAt(at)) ^ 1] + text.slice(at + 1);

const forged: [what: string, forge: (good: string) => string][] = [
  ['whose id was changed', (good) => replaced(good, 'sid='.length)],
  ['whose signature was changed', (good) => replaced(good, good.length - 10)],
  // The last letter of 43 stands for four bits; the other two are no part of the signature.
  ['whose last letter was changed', (good) => replaced(good, good.length - 1)],
  ['without a signature', (good) => good.split('.', 1)[0] ?? ''],
  ['with an empty signature', (good) => `${good.split('.', 1)[0]}.`],
  ['with something behind it', (good) => `${good}A`],
  ['with one id and the signature twice', (good) => `${good}.${good.split('.')[1]}`],
  ['with an id of the visitor’s choice', () => `sid=${'A'.repeat(43)}.${'A'.repeat(43)}`],
  ['that is empty', () => 'sid='],
  ['that is broken percent-encoding', () => 'sid=%zz'],
];
for (const [what, forge] of forged) {
  test(`a cookie ${what} is none of ours: it opens nothing, is left alone and never adopted`, async (t) => {
    const { url } = await startApp(t);
    const browser = openBrowser(url);
    await browser.put('level', 'user');
    await browser.state();
    const forgery = forge(browser.cookie);
    assert.notEqual(forgery, browser.cookie);

    browser.cookie = forgery;
    const read = await browser.ask('GET', '/session');
    assert.deepEqual(await read.json(), { exists: false, user: null, data: {} });
    assert.deepEqual(read.headers.getSetCookie(), []);
    const ended = await browser.ask('POST', '/logout');
    assert.deepEqual([ended.status, ended.headers.getSetCookie()], [204, []]);

    const written = await browser.ask('PUT', '/session/level', { value: 'stranger' });
    assert.equal(written.headers.getSetCookie().length, 1);
    assert.match(browser.cookie, /^sid=[\w-]{43}\.[\w-]{43}$/);
    assert.notEqual(idOf(browser.cookie), idOf(forgery));
    assert.deepEqual((await browser.state()).data, { level: 'stranger' });
  });
}

/** One that was signed here, of a session that has ended. */
async function deadCookie(browser: Browser): Promise<string> {
  await browser.put('level', 'user');
  const { cookie } = browser;
  await browser.ask('POST', '/logout');
  return cookie;
}

for (const [method, path, status] of [
  ['GET', '/session', 200],
  ['GET', '/session/level', 404],
  ['GET', '/sessions', 401],
  ['PUT', '/session/a%20b', 400],
] as const) {
  // It may come after the answer to a login, whose cookie it must not take away.
  test(`an answer ${status} to ${method} ${path} leaves a cookie whose session has ended`, async (t) => {
    const { url } = await startApp(t);
    const browser = openBrowser(url);
    browser.cookie = await deadCookie(browser);
    const response = await browser.ask(method, path);
    assert.equal(response.status, status);
    assert.deepEqual(response.headers.getSetCookie(), []);
  });
}

test('POST /logout clears a cookie whose session has ended', async (t) => {
  const { url } = await startApp(t);
  const browser = openBrowser(url);
  browser.cookie = await deadCookie(browser);
  const response = await browser.ask('POST', '/logout');
  assert.deepEqual(response.headers.getSetCookie(), [
    'sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
  ]);
});

test('an id that the server has signed and forgotten is not adopted', async (t) => {
  const secretKeys = ['k'.repeat(32)];
  const before = openBrowser((await startApp(t, { config: { secretKeys } })).url);
  await before.put('level', 'user');
  const after = openBrowser((await startApp(t, { config: { secretKeys } })).url);
  after.cookie = before.cookie;
  await after.put('level', 'user');
  assert.notEqual(after.cookie, before.cookie);
});

test('of two cookies of the name the first good one counts', async (t) => {
  const { url } = await startApp(t);
  const one = openBrowser(url);
  await one.put('who', 'one');
  const two = openBrowser(url);
  await two.put('who', 'two');
  const both = openBrowser(url);
  for (const [cookie, who] of [
    [`${one.cookie}; ${two.cookie}`, 'one'],
    [`${two.cookie}; ${one.cookie}`, 'two'],
    [`sid=planted; ${two.cookie}`, 'two'],
    [`theme=dark; sid="; ${one.cookie}; lang=en`, 'one'],
  ] as const) {
    both.cookie = cookie;
    const response = await both.ask('GET', '/session/who');
    assert.deepEqual(await response.json(), { key: 'who', value: who });
    assert.deepEqual(response.headers.getSetCookie(), []);
  }
  // Signed by us is not enough: the first of these has ended.
  both.cookie = `${one.cookie}; ${two.cookie}`;
  await one.ask('POST', '/logout');
  assert.deepEqual((await both.state()).data, { who: 'two' });
});

for (const cookie of ['xsid=1', 'sid2=1', 'SID=1', 'sid', 'theme=sid', '__Host-sid=1']) {
  test(`the cookie ${cookie} is none of ours and is left alone`, async (t) => {
    const { url } = await startApp(t);
    const browser = openBrowser(url);
    browser.cookie = cookie;
    const response = await browser.ask('GET', '/session');
    assert.deepEqual(response.headers.getSetCookie(), []);
  });
}
