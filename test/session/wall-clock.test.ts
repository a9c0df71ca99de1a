import assert from 'node:assert/strict';
import { mock, type TestContext, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { until } from '../support/process.ts';
import { openBrowser } from '../support/session-browser.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

// Without a clock of its own, each test runs on the application's: which one that is, is the point.

function jumpWallClock(t: TestContext, by: number): void {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + by });
  atEnd(t, () => mock.timers.reset());
}

test('a wall clock that jumps two days forward ends no session', async (t) => {
  const browser = openBrowser((await startApp(t)).url);
  await browser.put('level', 'user');
  jumpWallClock(t, 2 * DAY);
  assert.deepEqual((await browser.state()).data, { level: 'user' });
});

test('a wall clock that jumps two days back lengthens no session', async (t) => {
  const sessions = { idleMs: HOUR, absoluteMs: 300, limit: 10 };
  const browser = openBrowser((await startApp(t, { config: { sessions } })).url);
  await browser.put('level', 'user');
  jumpWallClock(t, -2 * DAY);
  await until('the session to end', async () => !(await browser.state()).exists, 10_000);
});
