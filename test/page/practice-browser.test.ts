/** The simulated browser judges as a real one: each program leaves the same trace in both. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank } from '../support/browser.ts';
import { comparePrograms, PLAYED } from '../support/practice-compare.ts';
import { PROGRAMS } from '../support/practice-programs.ts';

test('a program comes to the same in the simulated and in the real browser', {
  skip: noBrowser,
}, async (t) => {
  const { url } = await startApp(t, { routes: [PLAYED] });
  const { page } = await openBlank(t);
  const differ = await comparePrograms(
    { open: (to) => page.goto(to), runText: (code) => page.evaluate(`(${code})()`) },
    url,
  );
  assert.deepEqual(differ, []);
  assert.ok(PROGRAMS.length >= 120, `${PROGRAMS.length}`);
});
