/**
 * Where scroll bars take room, as on Windows and Linux, nothing moves sideways when a part comes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noBrowser } from '../support/browser.ts';
import { launchChromium } from '../support/chromium.ts';
import { arriveAt, hold } from '../support/parts.ts';

test('the page stands still sideways while a part comes', { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const browser = await launchChromium({ hasScrollBars: true });
  atEnd(t, () => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const release = await hold(page, '**/parts/session.html');
  await page.goto(`${url}/?part=session`);
  await page.locator('main[aria-busy="true"]').waitFor();
  const places = () =>
    page.evaluate(() =>
      ['.languages', '.contents', 'main'].map(
        (name) => document.querySelector(name)?.getBoundingClientRect().right,
      ),
    );
  const before = await places();
  release();
  await arriveAt(page, 'Session');
  assert.deepEqual(await places(), before);
  const bar = await page.evaluate(() => innerWidth - document.documentElement.clientWidth);
  assert.ok(bar > 0, 'the scroll bar takes no room, so nothing was tested');
});
