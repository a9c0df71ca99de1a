import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { openBrowser } from '../support/session-browser.ts';

const HTTPS = { 'x-forwarded-proto': 'https' };

test('behind a proxy that spoke https the cookie is __Host-sid and Secure', async (t) => {
  const { url } = await startApp(t, { config: { trustProxy: 1 } });
  const browser = openBrowser(url, HTTPS);
  const response = await browser.ask('PUT', '/session/level', { value: 'user' });
  const [setCookie = '', ...more] = response.headers.getSetCookie();
  const expected = /^__Host-sid=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/;
  assert.match(setCookie, expected);
  assert.deepEqual(more, []);
  assert.deepEqual((await browser.state()).data, { level: 'user' });
});

test('over https POST /logout clears the cookie with the attributes it was set with', async (t) => {
  const { url } = await startApp(t, { config: { trustProxy: 1 } });
  const browser = openBrowser(url, HTTPS);
  await browser.put('level', 'user');
  const response = await browser.ask('POST', '/logout');
  assert.deepEqual(response.headers.getSetCookie(), [
    '__Host-sid=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
  ]);
});

test('over https the cookie sid opens nothing, and over http __Host-sid opens nothing', async (t) => {
  const { url } = await startApp(t, { config: { trustProxy: 1 } });
  const encrypted = openBrowser(url, HTTPS);
  const plain = openBrowser(url, { 'x-forwarded-proto': 'http' });
  for (const [giver, taker] of [
    [plain, encrypted],
    [encrypted, plain],
  ] as const) {
    await giver.put('level', 'user');
    const [, value] = giver.cookie.split('=');
    taker.cookie = giver.cookie;
    assert.equal((await taker.state()).exists, false);
    // Under the taker's own name the same value is good: only the name was in the way.
    taker.cookie = `${taker === plain ? 'sid' : '__Host-sid'}=${value}`;
    assert.equal((await taker.state()).exists, true);
    taker.cookie = '';
    giver.cookie = '';
  }
});

const believed: [what: string, trustProxy: number, proto: string, name: string][] = [
  ['without a trusted proxy nobody is believed to speak https', 0, 'https', 'sid'],
  ['the entry of the one trusted proxy counts', 1, 'https, http', 'sid'],
  ['what the client wrote before it does not', 1, 'http, https', '__Host-sid'],
  ['of two trusted proxies the outer one counts', 2, 'https, http', '__Host-sid'],
  ['the scheme is not case-sensitive', 1, 'HTTPS', '__Host-sid'],
];
for (const [what, trustProxy, proto, name] of believed) {
  test(`${what}: TRUST_PROXY=${trustProxy}, X-Forwarded-Proto: ${proto}`, async (t) => {
    const { url } = await startApp(t, { config: { trustProxy } });
    const browser = openBrowser(url, { 'x-forwarded-proto': proto });
    await browser.put('level', 'user');
    assert.equal(browser.cookie.split('=', 1)[0], name);
  });
}
