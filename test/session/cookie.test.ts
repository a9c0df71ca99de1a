import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { idOf, openBrowser } from '../support/session-browser.ts';

const LIVES = { idleMs: 1_800_000, absoluteMs: 28_800_000 };

const readers: [method: string, path: string, status: number][] = [
  ['GET', '/session', 200],
  ['HEAD', '/session', 200],
  ['GET', '/session/level', 404],
  ['DELETE', '/session/level', 404],
  ['GET', '/sessions', 401],
  ['DELETE', '/sessions', 401],
  ['GET', '/healthz', 200],
  ['GET', '/nowhere', 404],
];
for (const [method, path, status] of readers) {
  test(`${method} ${path} creates no session for a stranger`, async (t) => {
    // There is room for one: another session would push it out.
    const { url } = await startApp(t, { config: { sessions: { ...LIVES, limit: 1 } } });
    const holder = openBrowser(url);
    await holder.put('level', 'user');
    const response = await openBrowser(url).ask(method, path);
    assert.equal(response.status, status);
    assert.deepEqual(response.headers.getSetCookie(), []);
    assert.equal((await holder.state()).exists, true);
  });
}

test('POST /logout without a session creates none, and takes nothing back', async (t) => {
  const { url } = await startApp(t);
  const response = await openBrowser(url).ask('POST', '/logout');
  assert.equal(response.status, 204);
  assert.deepEqual(response.headers.getSetCookie(), []);
});

test('PUT /session/:key that is refused creates no session', async (t) => {
  const { url } = await startApp(t);
  const response = await openBrowser(url).ask('PUT', '/session/a%20b', { value: '1' });
  assert.equal(response.status, 400);
  assert.deepEqual(response.headers.getSetCookie(), []);
});

test('the first write sets the cookie with its exact attributes, and later answers set none', async (t) => {
  const { url } = await startApp(t);
  const browser = openBrowser(url);
  const first = await browser.ask('PUT', '/session/level', { value: 'user' });
  const [setCookie = '', ...more] = first.headers.getSetCookie();
  assert.match(setCookie, /^sid=[\w-]{43}\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.deepEqual(more, []);
  for (const [method, path] of [
    ['GET', '/session'],
    ['GET', '/session/level'],
    ['PUT', '/session/level'],
    ['GET', '/session/none'],
    ['DELETE', '/session/level'],
  ] as const) {
    const later = await browser.ask(method, path, method === 'PUT' ? { value: '2' } : undefined);
    assert.deepEqual(later.headers.getSetCookie(), [], `${method} ${path}`);
  }
});

test('ids have 256 bits, and no two are alike', async (t) => {
  const { url } = await startApp(t);
  const ids = new Set<string>();
  const seenBits = Buffer.alloc(32);
  for (let count = 0; count < 50; count += 1) {
    const browser = openBrowser(url);
    await browser.put('a', '1');
    const id = Buffer.from(idOf(browser.cookie), 'base64url');
    assert.equal(id.length, 32);
    ids.add(id.toString('hex'));
    id.forEach((byte, at) => {
      seenBits[at] = (seenBits[at] ?? 0) | byte;
    });
  }
  assert.equal(ids.size, 50);
  // A bit that is never set in 50 ids is not random; by chance that happens once in 2^42.
  assert.equal(seenBits.toString('hex'), 'ff'.repeat(32));
});

const withSession: [method: string, path: string, status: number][] = [
  ['GET', '/session', 200],
  ['PUT', '/session/a', 201],
  ['POST', '/logout', 204],
];
for (const [method, path, status] of withSession) {
  test(`the answer to ${method} ${path} depends on the cookie and is for no cache`, async (t) => {
    const { url } = await startApp(t);
    const fields = method === 'PUT' ? { value: '1' } : undefined;
    const response = await openBrowser(url).ask(method, path, fields);
    assert.equal(response.status, status);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('vary'), 'Cookie');
  });
}
