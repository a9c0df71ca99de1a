/** The pipeline: which requests open a session. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseUnavailable } from '../lib/db/errors.ts';
import { startApp } from './support/app.ts';
import { cookieOf, sendForm } from './support/http.ts';
import { createTestStore } from './support/session-store.ts';

const MINUTE_MS = 60_000;

test('with a session cookie and its store down, only routes that use the session fail', async (t) => {
  const settings = { idleMs: MINUTE_MS, absoluteMs: MINUTE_MS, limit: 10 };
  const store = await createTestStore(settings);
  const { url } = await startApp(t, { store });
  const cookie = cookieOf(await sendForm(`${url}/session/a`, { value: 'x' }, { method: 'PUT' }));
  store.load = () => Promise.reject(new DatabaseUnavailable('down'));
  const headers = { Cookie: cookie };
  const paths = [
    '/',
    '/healthz',
    '/01-server?name=a',
    '/lab/status/200',
    '/lab/slow?ms=1',
    '/lab/drip?chunks=1&ms=1',
    '/lab/source?file=lib/app.ts',
  ];
  for (const path of paths) {
    const response = await fetch(`${url}${path}`, { headers });
    assert.equal(response.status, 200, path);
    assert.doesNotMatch(response.headers.get('vary') ?? '', /Cookie/, path);
    await response.text();
  }
  const echo = await sendForm(`${url}/02-server`, { a: '1' }, { headers });
  assert.deepEqual(await echo.json(), { a: '1' });
  for (const path of ['/session', '/session/a', '/sessions', '/lab/level']) {
    assert.equal((await fetch(`${url}${path}`, { headers })).status, 503, path);
  }
});

for (const cookie of ['sid=constructor', 'sid=a; sid=b', 'sid=__proto__; sid', 'sid=%00', '=;;=']) {
  test(`the cookie ${cookie} is that of an anonymous visitor: 200, and no session`, async (t) => {
    const { url } = await startApp(t);
    const response = await fetch(`${url}/session`, { headers: { Cookie: cookie } });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { exists: false, user: null, data: {} });
  });
}
