/**
 * The keyboard's focus stays on the button that was pressed while its answer is on the way, and a
 * second press meanwhile does nothing.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { arriveAt, hold } from '../support/parts.ts';

/** What has the focus: its tag, and what it says. */
const focused = (page: Page) =>
  page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`);

describe('the focus', { skip: noBrowser, concurrency: 3 }, () => {
  for (const [form, button, path] of [
    ['#login', 'Log in', '/login'],
    ['#register', 'Register', '/register'],
  ] as const) {
    test(`stays on «${button}» when it is refused, and a second press sends nothing`, async (t) => {
      const { url, lines } = await startApp(t);
      const { page, expectErrors } = await openPage(t, `${url}/?part=form#solution`);
      expectErrors(/status of 503/); // there is no database
      await page.locator('main[aria-busy="false"]').waitFor();
      for (const input of await page.locator(`${form} input`).all()) await input.fill('12345678');
      const answer = await hold(page, `**${path}`);
      await page.locator(`${form} [type="submit"]`).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      answer();
      await page
        .locator(`${form}-message`)
        .filter({ hasText: /no database/ })
        .waitFor();
      assert.match(await focused(page), new RegExp(`^BUTTON ${button}`));
      assert.deepEqual(
        lines.filter((line) => line.startsWith('POST')),
        [`POST ${path} 503`],
      );
    });
  }

  test('stays on «Check» while a program is checked', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    await arriveAt(page, 'Now you');
    const release = await hold(page, '**/practice/worker.js');
    await page.locator('#check').focus();
    await page.keyboard.press('Enter');
    await page.locator('#outcome', { hasText: 'Checking…' }).waitFor();
    // Two frames: a browser moves the focus when it draws.
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    release();
    await page.locator('#outcome', { hasText: /hold/ }).waitFor();
    assert.match(await focused(page), /^BUTTON Check/);
  });

  test('stays on a button of the cookie lesson when the session has ended elsewhere', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await arriveAt(page, 'Cookie or session');
    await page.locator('#keep').click();
    await page.locator('#document-cookie', { hasText: 'level=user' }).waitFor();
    await page.locator('#plain').focus();
    await page.context().clearCookies();
    await page.keyboard.press('Enter');
    await page.locator('#session-says', { hasText: 'none' }).waitFor();
    assert.match(await focused(page), /^BUTTON Change the plain cookie/);
  });
});
