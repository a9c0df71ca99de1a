/**
 * What the frame says about all of a part: that something is missing, while it is.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank } from '../support/browser.ts';

describe('a notice', { skip: noBrowser, concurrency: 3 }, () => {
  test('goes by itself when the database is there', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/status of 503/);
    let isThere = false;
    await page.route('**/readyz', (route) => route.fulfill({ status: isThere ? 200 : 503 }));
    await page.goto(`${url}/?part=fetch`);
    const notice = page.getByText('needs the database, which does not answer yet');
    await notice.waitFor();
    isThere = true;
    await notice.waitFor({ state: 'detached' });
  });

  test('of endpoints that are off is not given where nobody knows', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/Failed to load resource/);
    await page.route('**/lab/status/204', (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await page.goto(`${url}/?part=sync`);
    await failed;
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.evaluate(() => fetch('/healthz'));
    assert.equal(await page.getByText('LAB=off').count(), 0);
  });
});
