import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../lib/config.ts';
import { startApp } from '../support/app.ts';
import { type Browser, openBrowser } from '../support/session-browser.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An application whose monotonic clock the test moves on. */
async function startWithClock(t: TestContext, env: Record<string, string> = {}) {
  let ms = 100 * HOUR;
  const { sessions } = loadConfig(env);
  const { url } = await startApp(t, { now: () => ms, config: { sessions } });
  const pass = (by: number) => {
    ms += by;
  };
  return { url, pass };
}

async function isOver(browser: Browser): Promise<boolean> {
  const response = await browser.ask('GET', '/session/level');
  assert.deepEqual(response.headers.getSetCookie(), []);
  return response.status === 404;
}

const idle: [what: string, env: Record<string, string>, idleMs: number][] = [
  ['30 minutes', {}, 30 * MINUTE],
  ['SESSION_IDLE_SECONDS', { SESSION_IDLE_SECONDS: '5' }, 5000],
];
for (const [what, env, idleMs] of idle) {
  test(`a session ends after ${what} without a request, and each request begins them anew`, async (t) => {
    const { url, pass } = await startWithClock(t, env);
    const browser = openBrowser(url);
    await browser.put('level', 'user');
    for (let times = 0; times < 3; times += 1) {
      pass(idleMs - 1);
      assert.equal(await isOver(browser), false);
    }
    pass(idleMs);
    assert.equal(await isOver(browser), true);
  });
}

const absolute: [what: string, env: Record<string, string>, absoluteMs: number][] = [
  ['8 hours', {}, 8 * HOUR],
  ['SESSION_MAX_AGE_SECONDS', { SESSION_MAX_AGE_SECONDS: '3600' }, HOUR],
];
for (const [what, env, absoluteMs] of absolute) {
  test(`a session ends after ${what}, however busy it is`, async (t) => {
    const { url, pass } = await startWithClock(t, env);
    const browser = openBrowser(url);
    await browser.put('level', 'user');
    for (let age = 10 * MINUTE; age < absoluteMs; age += 10 * MINUTE) {
      pass(10 * MINUTE);
      assert.equal(await isOver(browser), false, `after ${age / MINUTE} min`);
    }
    pass(10 * MINUTE - 1);
    assert.equal(await isOver(browser), false);
    pass(1);
    assert.equal(await isOver(browser), true);
  });
}

test('an expired id is never adopted: the next write makes a fresh one', async (t) => {
  const { url, pass } = await startWithClock(t);
  const browser = openBrowser(url);
  await browser.put('level', 'user');
  const { cookie } = browser;
  pass(30 * MINUTE);
  await browser.put('level', 'stranger');
  assert.notEqual(browser.cookie, cookie);
  assert.deepEqual((await browser.state()).data, { level: 'stranger' });
  browser.cookie = cookie;
  assert.equal((await browser.state()).exists, false);
});

test('GET /session says when the session began and when it will end', async (t) => {
  const { url, pass } = await startWithClock(t);
  const browser = openBrowser(url);
  await browser.put('level', 'user');
  const after = async (by: number) => {
    pass(by);
    const { createdAt = '', idleExpiresAt = '', expiresAt = '' } = await browser.state();
    assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const [from, idleEnd, end] = [createdAt, idleExpiresAt, expiresAt].map(Date.parse);
    assert.ok(from !== undefined && idleEnd !== undefined && end !== undefined);
    return { from, idle: idleEnd - from, absolute: end - from };
  };
  const { from } = await after(0);
  assert.ok(from > 0);
  const ages = [
    [0, 30 * MINUTE],
    [10 * MINUTE, 40 * MINUTE],
    [20 * MINUTE, HOUR],
    [29 * MINUTE, 89 * MINUTE],
  ] as const;
  for (const [by, idleEnd] of ages) {
    const times = await after(by);
    assert.deepEqual([times.idle, times.absolute], [idleEnd, 8 * HOUR]);
  }
  // Towards its end the absolute life comes first.
  for (let age = 59 * MINUTE; age < 7 * HOUR + 40 * MINUTE; age += 20 * MINUTE) {
    await after(20 * MINUTE);
  }
  assert.equal((await after(0)).idle, 8 * HOUR);
});
