import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

async function results(page: Page): Promise<string[]> {
  const lines = ['xhr', 'fetch'].map((way) => page.locator(`#result-${way} li code`));
  return Promise.all(lines.map((line) => line.innerText()));
}

describe('after the course', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  test('the same check by XMLHttpRequest and by fetch says the same', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=fetch`);
    expectErrors(/status of 400/);
    for (const [name, verdict] of [
      ['admin', 'taken'],
      ['nobody&yet', 'status 400'],
      ['nobody-yet', 'free'],
    ] as const) {
      await page.getByRole('textbox', { name: 'A user name' }).fill(name);
      await page.getByRole('button', { name: 'Check both ways' }).click();
      assert.deepEqual(await results(page), [verdict, verdict]);
    }
    const asked = lines.filter((line) => line.includes('uname=nobody%26yet'));
    assert.equal(asked.length, 2);
  });

  test('both are given up, and both say so', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=fetch`);
    await page.getByRole('button', { name: 'Check, and give up at once' }).click();
    assert.deepEqual(await results(page), ['given up', 'given up']);
  });

  test('both say when there is no server', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=fetch`);
    expectErrors(/Failed to load resource/);
    await page.route('**/check-uname*', (route) => route.abort());
    await page.getByRole('button', { name: 'Check both ways' }).click();
    assert.deepEqual(await results(page), ['no answer', 'no answer']);
  });
});
