import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Route } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { runProcess, startProcess, until } from '../support/process.ts';
import { openBrowser } from '../support/session-browser.ts';
import { startRequest } from '../support/session-in-flight.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** No database: none is started, and none is found. */
const DATABASE_URL = 'mysql://nobody@127.0.0.1:1/ajax';

/** What must not be told: the id, the signature, and the two together. */
function secretsOf(...cookies: string[]): string[] {
  return cookies.flatMap((cookie) => {
    const [, value = ''] = cookie.split('=');
    return [value, ...value.split('.')].filter((secret) => secret !== '');
  });
}

test('log lines hold no id, no signature and no cookie, whatever becomes of the session', async (t) => {
  const env = { DATABASE_URL, SECRET_KEY: 'log-test'.repeat(4), LOG: 'on' };
  const server = await startProcess(t, PROJECT, { env });
  const browser = openBrowser(server.url);
  await browser.put('level', 'user');
  const { cookie } = browser;
  const put = { method: 'PUT', path: '/session/level', cookie };
  const finish = await startRequest(t, server.url, put);
  await browser.ask('GET', '/sessions');
  await browser.ask('POST', '/login', { uname: 'admin', upwd: 'correct horse' });
  await browser.ask('POST', '/logout');
  const { status } = await finish('value=late');
  for (const dead of [cookie, `${cookie}x`, 'sid=%zz']) {
    browser.cookie = dead;
    await browser.ask('GET', '/session');
  }
  await browser.ask('GET', '/healthz');
  await until('the last line', () => server.stdout().includes('GET /healthz'));

  const lines = server.stdout() + server.stderr();
  assert.match(lines, /PUT \/session\/level 201 /);
  assert.equal(status, 409);
  assert.match(lines, /PUT \/session\/level 409 /);
  for (const secret of [...secretsOf(cookie), 'sid=', env.SECRET_KEY]) {
    assert.ok(!lines.includes(secret), lines);
  }
});

test('an error that nobody foresaw is logged and answered without the session’s id', async (t) => {
  const failing: Route = {
    method: 'POST',
    path: '/fail',
    session: true,
    handler({ session }) {
      session.regenerate('ann');
      throw new Error('something broke');
    },
  };
  const { url, lines } = await startApp(t, { routes: [failing] });
  const browser = openBrowser(url);
  await browser.put('level', 'user');
  const { cookie } = browser;
  const response = await browser.ask('POST', '/fail');
  assert.equal(response.status, 500);
  const answer = JSON.stringify([...response.headers]) + (await response.text());
  assert.match(lines.join('\n'), /something broke/);
  for (const secret of secretsOf(cookie)) {
    assert.ok(!answer.includes(secret), answer);
    assert.ok(!lines.join('\n').includes(secret));
  }
  // And a request that failed has changed nothing.
  assert.equal(browser.cookie, cookie);
  assert.deepEqual((await browser.state()).data, { level: 'user' });
});

for (const [what, SECRET_KEY] of [
  ['empty', ''],
  ['"a,"', 'a,'],
  ['short', 'too-short-to-sign-with'],
] as const) {
  test(`server.ts does not start with a SECRET_KEY that is ${what}, and says how to make one`, async (t) => {
    const env = { DATABASE_URL, SECRET_KEY };
    const { ended, stdout, stderr } = await runProcess(t, PROJECT, { env });
    assert.equal(ended, 1);
    assert.match(stderr, /^SECRET_KEY must be .* make one with: node -p "[^\n]*"\n$/);
    assert.equal(stdout, '');
  });
}
