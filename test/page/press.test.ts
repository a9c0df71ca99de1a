/**
 * Nothing on the page moves between a press and its release, whatever happens meanwhile: a message
 * on leaving a box, an answer that comes just then.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { hold } from '../support/parts.ts';

/** Presses a button near its upper edge, and looks where it is until `release`. */
async function press(page: Page, button: Locator) {
  await button.scrollIntoViewIfNeeded();
  const before = await button.boundingBox();
  assert.ok(before);
  await page.mouse.move(before.x + before.width / 2, before.y + 3);
  await page.mouse.down();
  return async () => {
    assert.deepEqual(await button.boundingBox(), before);
    await page.mouse.up();
  };
}

describe('a press', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  for (const [locale, width] of [
    ['zh-CN', 1280],
    ['en-GB', 390],
    ['zh-CN', 390],
  ] as const) {
    test(`on Register sends the form, though it leaves a bad name: ${locale}, ${width} px`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const viewport = { width, height: 800 };
      const { page } = await openPage(t, `${url}/?part=form#solution`, { locale, viewport });
      await page.locator('main[aria-busy="false"]').waitFor();
      await page.locator('#uname').fill('not a name');
      const release = await press(page, page.locator('#register [type="submit"]'));
      // Long enough for whatever the page does on leaving the box.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
      await release();
      await page.locator('#upwd-message').filter({ hasText: /8–128/ }).waitFor();
      await page.locator('#uname-message').filter({ hasText: /3–20/ }).waitFor();
    });
  }

  test('is not answered before it is over', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=session`, {
      viewport: { width: 390, height: 800 },
    });
    await page.locator('main[aria-busy="false"]').waitFor();
    const answer = await hold(page, '**/session/colour');
    await page.locator('#session-form [type="submit"]').click();
    const look = page.locator('#look');
    const release = await press(page, look);
    const answered = page.waitForResponse(/colour/);
    answer();
    await (await answered).finished();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    assert.equal(await page.locator('#session-message').innerText(), '');
    await release();
    await page.getByText('session["colour"] = "green"').waitFor();
  });

  test('that never ends in a release holds nothing up: a finger scrolls, a window opens', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`, {
      viewport: { width: 390, height: 400 },
      hasTouch: true,
    });
    await page.locator('main[aria-busy="false"]').waitFor();
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...ys: number[]) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: ys.map((y) => ({ x: 195, y })),
      });
    for (const [value, interrupt] of [
      [
        'scrolled',
        async () => {
          await touch('touchStart', 300);
          for (const y of [280, 260, 240, 220]) await touch('touchMove', y);
          await touch('touchEnd');
        },
      ],
      [
        'away',
        () =>
          page.evaluate(() => {
            dispatchEvent(new PointerEvent('pointerdown'));
            dispatchEvent(new Event('blur'));
          }),
      ],
    ] as const) {
      await page.locator('#value').fill(value);
      await interrupt();
      await page.locator('#key').press('Enter');
      await page.getByText(`session["colour"] = "${value}"`).waitFor();
    }
  });
});
