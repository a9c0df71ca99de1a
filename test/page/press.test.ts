/**
 * A press on a button sends what it says, though it leaves a box that has something to say then: the
 * button does not move between the press and its release.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

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

  test('lasts as long as a pointer is down: again within 50 ms, or a second finger', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=xhr`);
    await page.locator('main[aria-busy="false"]').waitFor();
    const runs = await page.evaluate(async () => {
      const { afterPointerUp } = await import(`${'/static/js/lib'}/press.js`);
      const seen: string[] = [];
      for (const steps of ['down 1, up 1, down 1', 'down 1, down 2, up 2', 'menu 3']) {
        for (const step of steps.split(', ')) {
          const [type = '', pointerId] = step
            .split(' ')
            .map((word, at) => (at ? Number(word) : word));
          const init = { pointerId: Number(pointerId), button: type === 'menu' ? 2 : 0 };
          const name = type === 'up' ? 'pointerup' : 'pointerdown';
          dispatchEvent(new PointerEvent(name, init));
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
        afterPointerUp(() => seen.push(`after ${steps}`));
        seen.push(steps);
        dispatchEvent(new PointerEvent('pointerup', { pointerId: 1 }));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return seen;
    });
    assert.deepEqual(runs, [
      'down 1, up 1, down 1',
      'after down 1, up 1, down 1',
      'down 1, down 2, up 2',
      'after down 1, down 2, up 2',
      'after menu 3',
      'menu 3',
    ]);
  });

  test('that never ends in a release holds nothing up: a finger scrolls, a window opens', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, url, {
      viewport: { width: 390, height: 400 },
      hasTouch: true,
    });
    expectErrors(/status of 503/); // no database is needed for this
    await page.locator('main[aria-busy="false"]').waitFor();
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...ys: number[]) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: ys.map((y) => ({ x: 195, y })),
      });
    for (const [name, interrupt] of [
      [
        '1',
        async () => {
          await touch('touchStart', 300);
          for (const y of [280, 260, 240, 220]) await touch('touchMove', y);
          await touch('touchEnd');
        },
      ],
      [
        '2',
        () =>
          page.evaluate(() => {
            dispatchEvent(new PointerEvent('pointerdown'));
            dispatchEvent(new Event('blur'));
          }),
      ],
    ] as const) {
      // Anew: a box that has had an error is checked while it is filled in, too.
      await page.reload();
      await page.locator('main[aria-busy="false"]').waitFor();
      await interrupt();
      await page.locator('#uname').fill(name);
      await page.locator('#uname').blur();
      await page.locator('#uname-message').filter({ hasText: /3–20/ }).waitFor();
    }
  });
});
