/**
 * Text that an input method is still composing has not been entered: nothing is asked about it. The
 * first tests compose for real, in Chromium; the others send events in the order of WebKit.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

/** Composes in the box that has the focus, letter by letter, as far as `text`. */
async function compose(page: Page, text: string) {
  const client = await page.context().newCDPSession(page);
  for (let length = 1; length <= text.length; length += 1) {
    const part = text.slice(0, length);
    await client.send('Input.imeSetComposition', {
      text: part,
      selectionStart: length,
      selectionEnd: length,
    });
  }
  return (entered: string) => client.send('Input.insertText', { text: entered });
}

/** Longer than the page ever waits before it asks of itself. */
const pause = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
const asked = (lines: readonly string[], path: string) =>
  lines.filter((line) => line.includes(path)).map((line) => decodeURIComponent(line));

describe('text being composed', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  test('is not checked again as a name; what is entered is', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.locator('#uname').fill('admin');
    await page.locator('#uname').blur();
    await page.getByText('This name is taken').waitFor();
    await page.locator('#uname').fill('');
    const enter = await compose(page, 'wang');
    await pause(page);
    assert.deepEqual(asked(lines, 'check-uname'), ['GET /check-uname?uname=admin 200']);
    await enter('王小明');
    await page.getByText('This name is taken').waitFor();
    assert.deepEqual(asked(lines, 'check-uname').slice(1), ['GET /check-uname?uname=王小明 200']);
  });

  test('is asked of the glossary neither; what is entered is, once', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=suggest`);
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.locator('#term').focus();
    const enter = await compose(page, 'ses');
    await pause(page);
    assert.deepEqual(asked(lines, '/suggest?'), []);
    await enter('scr');
    await page.getByText('1 term begins with “scr”.').waitFor();
    assert.deepEqual(asked(lines, '/suggest?'), ['GET /suggest?lang=en&q=scr 200']);
  });

  test('keeps its keys, also the one by which WebKit ends it', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=suggest`);
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.locator('#term').pressSequentially('scr');
    await page.getByRole('option').waitFor();
    await page.keyboard.press('ArrowDown');
    const isLeftAlone = await page.locator('#term').evaluate((box) => {
      const init = { key: 'Enter', keyCode: 229, isComposing: false, cancelable: true };
      return box.dispatchEvent(new KeyboardEvent('keydown', init));
    });
    assert.ok(isLeftAlone);
    assert.equal(await page.getByRole('option').count(), 1);
  });

  test('that ends by compositionend before input, as in WebKit, is asked about once', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=suggest`);
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.getByLabel('Debounce').uncheck();
    await page.locator('#term').focus();
    await page.locator('#term').evaluate((box: HTMLInputElement) => {
      box.dispatchEvent(new CompositionEvent('compositionstart'));
      box.value = 'scr';
      box.dispatchEvent(new InputEvent('input', { isComposing: true }));
      box.dispatchEvent(new CompositionEvent('compositionend', { data: 'scr' }));
      box.dispatchEvent(new InputEvent('input', { isComposing: false }));
    });
    await page.getByText('1 term begins with “scr”.').waitFor();
    assert.equal(asked(lines, '/suggest?').length, 1);
  });
});
