import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

const box = (page: Page) => page.getByRole('combobox', { name: 'Look up a term' });
const options = (page: Page) => page.getByRole('option');
const status = (page: Page) => page.locator('#term-message');

async function openSuggest(t: Parameters<typeof openPage>[0], locale = 'en-GB') {
  const app = await startApp(t, { database: await testDatabase() });
  const watched = await openPage(t, `${app.url}/?part=suggest`, { locale });
  await watched.page.locator('main[aria-busy="false"]').waitFor();
  return { ...app, ...watched };
}

describe('the guards of search suggestion', {
  skip: noBrowser || noDatabaseProgram,
  concurrency: 3,
}, () => {
  /** Switches the network to slow and all guards off but these, and has the page type. */
  async function typeWith(page: Page, ...guards: string[]): Promise<void> {
    for (const guard of ['debounce', 'abort', 'guard', 'slow']) {
      await page.locator(`#${guard}`).setChecked(guard === 'slow' || guards.includes(guard));
    }
    await page.getByRole('button', { name: 'Type “sess” for me' }).click();
  }
  const outcomes = (page: Page) => page.locator('#race .outcome');
  const over = (page: Page, text: RegExp, count: number) =>
    outcomes(page)
      .filter({ hasText: text })
      .nth(count - 1)
      .waitFor();

  test('all off: answers overtake each other, and the wrong one stays', async (t) => {
    const { page } = await openSuggest(t);
    await typeWith(page);
    await over(page, /too late, and shown/, 3);
    await status(page).getByText('Wrong: these begin with “s”, but the box says “sess”.').waitFor();
    assert.equal(await options(page).count(), 8);
  });

  test('the stale guard alone: late answers are dropped', async (t) => {
    const { page } = await openSuggest(t);
    await typeWith(page, 'guard');
    await over(page, /too late, dropped/, 3);
    assert.equal(await status(page).innerText(), '4 terms begin with “sess”.');
    assert.equal(await options(page).count(), 4);
  });

  test('abort alone: earlier requests are given up', async (t) => {
    const { page } = await openSuggest(t);
    const failed: string[] = [];
    page.on('requestfailed', (request) => {
      failed.push(new URL(request.url()).searchParams.get('q') ?? '');
    });
    await typeWith(page, 'abort');
    await over(page, /given up/, 3);
    await status(page).getByText('4 terms begin with “sess”.').waitFor();
    assert.deepEqual(failed, ['s', 'se', 'ses']);
  });

  test('debounce alone: only the last text is asked for', async (t) => {
    const { page } = await openSuggest(t);
    await typeWith(page, 'debounce');
    await status(page).getByText('4 terms begin with “sess”.').waitFor();
    assert.equal(await outcomes(page).count(), 1);
  });

  for (const [what, last] of [
    ['was taken back', ''],
    ['was answered before its elders', 'sessi'],
  ] as const) {
    test(`say nothing of «asking» when the newest question ${what}`, async (t) => {
      const { page } = await openSuggest(t);
      for (const guard of ['debounce', 'abort']) await page.locator(`#${guard}`).uncheck();
      await page.locator('#slow').check();
      await box(page).fill('s');
      await box(page).fill(last);
      if (last !== '') await status(page).getByText('begin with “sessi”').waitFor();
      await over(page, /too late, dropped/, 1);
      assert.doesNotMatch(await status(page).innerText(), /Asking/);
    });
  }

  test('begin a new drawing after a silence', async (t) => {
    const { page } = await openSuggest(t);
    for (const term of ['cal', 'callb']) {
      await box(page).fill(term);
      await over(page, /shown/, 1);
      await page.evaluate(() => {
        const { now } = Performance.prototype;
        Performance.prototype.now = function () {
          return now.call(this) + 2000;
        };
      });
    }
    await page.locator('#race code', { hasText: 'q=callb' }).waitFor();
    assert.equal(await outcomes(page).count(), 1);
  });
});
