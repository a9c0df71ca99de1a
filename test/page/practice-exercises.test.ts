/**
 * The exercises themselves: a right program shows every behaviour, what stands in the box at first
 * does not, and for each behaviour there is a program that fails in it and in nothing else.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { EXERCISES } from '../../static/js/parts/practice/exercises.js';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { WRONG } from '../support/practice-wrong.ts';

/** The numbers of the behaviours that a program does not show. */
function failing(page: Page, name: string, program: string): Promise<number[]> {
  return page.evaluate(
    async ([wanted, text]) => {
      const rooms = '/static/js/parts/practice';
      const { check } = await import(`${rooms}/check.js`);
      const { isGood } = await import(`${rooms}/verdicts.js`);
      const { EXERCISES: all } = await import(`${rooms}/exercises.js`);
      const exercise = all.find((one: { name: string }) => one.name === wanted);
      const outcomes: unknown[] = await check(exercise, text, new AbortController().signal);
      return outcomes.flatMap((outcome, index) => (isGood(outcome) ? [] : [index]));
    },
    [name, program] as const,
  );
}

describe('the exercises', { skip: noBrowser }, () => {
  for (const { name, solution, start, behaviours } of EXERCISES)
    test(`${name}: only a right program holds in all, and each behaviour can fail alone`, async (t) => {
      const { url } = await startApp(t);
      const { page } = await openPage(t, `${url}/?part=practice`);
      assert.deepEqual(await failing(page, name, solution), [], 'the solution');
      assert.notDeepEqual(await failing(page, name, start), [], 'the start');
      const wrong = WRONG[name] ?? [];
      assert.equal(wrong.length, behaviours.length, 'a wrong program for each behaviour');
      for (const [index, [right, instead]] of wrong.entries()) {
        assert.equal(solution.split(right).length, 2, `${right} stands in the solution once`);
        const program = solution.replace(right, () => instead);
        assert.deepEqual(await failing(page, name, program), [index], program);
      }
    });

  test('stale: whoever gives the earlier request up instead is right as well', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    const program = `var earlier;
      function check(name, show) {
        if (earlier) earlier.abort();
        var xhr = earlier = new XMLHttpRequest();
        xhr.open('get', '/check-uname?uname=' + encodeURIComponent(name), true);
        xhr.onreadystatechange = function () {
          if (xhr.readyState !== 4 || xhr.status === 0) return;
          show(xhr.status === 200 ? xhr.responseText : 'failed');
        };
        xhr.send(null);
      }`;
    assert.deepEqual(await failing(page, 'stale', program), []);
  });

  test('each has its task in three sentences, and all texts in both languages', () => {
    for (const { name, title, task, hint, behaviours } of EXERCISES) {
      assert.equal(task.en.split('. ').length, 3, name);
      assert.equal(task.zh.split('。').length, 4, name);
      for (const { en, zh } of [title, task, hint, ...behaviours.map(({ says }) => says)])
        assert.ok(en !== '' && zh !== '', name);
    }
  });
});
