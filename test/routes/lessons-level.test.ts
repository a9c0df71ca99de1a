import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { cookieOf, sendForm } from '../support/http.ts';

interface Level {
  cookieSays: string | null;
  sessionSays: string | null;
  sessionCookies: number;
  known: boolean;
}

async function levelOf(url: string, cookie: string): Promise<Level> {
  const response = await fetch(`${url}/lab/level`, { headers: { cookie } });
  assert.equal(response.status, 200);
  return (await response.json()) as Level; // the lesson's own form
}

const FORGED = `sid=${'A'.repeat(43)}.${'A'.repeat(43)}`;
const STRANGER = {
  cookieSays: null,
  sessionSays: null,
  sessionCookies: 0,
  known: false,
  isUser: false,
};

const cases: [what: string, cookie: (sid: string) => string, expected: Partial<Level>][] = [
  ['knows nothing of a stranger', () => '', {}],
  ['believes a plain cookie', () => 'level=admin', { cookieSays: 'admin' }],
  ['decodes a plain cookie', () => 'level=%E4%B8%AD', { cookieSays: '中' }],
  [
    'tells the session’s level from the cookie’s',
    (sid) => `level=admin; ${sid}`,
    { cookieSays: 'admin', sessionSays: 'user', sessionCookies: 1, known: true },
  ],
  ['opens nothing for a forged cookie', () => FORGED, { sessionCookies: 1 }],
  [
    'passes a forged cookie over, when the good one follows',
    (sid) => `${FORGED}; ${sid}`,
    { sessionSays: 'user', sessionCookies: 2, known: true },
  ],
  ['opens nothing when a letter was changed', (sid) => tampered(sid), { sessionCookies: 1 }],
  ['takes mysid for another cookie', () => 'mysid=1; sidney=2', {}],
];

/** The cookie with its third letter changed. */
function tampered(sid: string): string {
  const at = 'sid='.length + 2;
  return sid.slice(0, at) + (sid[at] === 'A' ? 'B' : 'A') + sid.slice(at + 1);
}

for (const [what, cookie, expected] of cases) {
  test(`GET /lab/level ${what}`, async (t) => {
    const { url } = await startApp(t);
    const put = await sendForm(`${url}/session/level`, { value: 'user' }, { method: 'PUT' });
    const level = await levelOf(url, cookie(cookieOf(put)));
    assert.deepEqual(level, { ...STRANGER, ...expected });
  });
}

test('the lessons’ /lab/level and /lab/suggest are not there when the lab is off', async (t) => {
  const { url } = await startApp(t, { config: { lab: false } });
  for (const path of ['/lab/level', '/lab/suggest?q=s&ms=0']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
});
