import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { hold } from '../support/parts.ts';

const box = (page: Page) => page.getByRole('combobox', { name: 'Look up a term' });
const options = (page: Page) => page.getByRole('option');
const status = (page: Page) => page.locator('#term-message');

/** The suggestion that the box says is meant; empty for none. */
function meant(page: Page): Promise<string> {
  return page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant');
    const option = id ? document.getElementById(id) : null;
    const isMarked = option?.getAttribute('aria-selected') === 'true';
    return isMarked ? (option?.firstElementChild?.textContent ?? '') : '';
  });
}

async function openSuggest(t: Parameters<typeof openPage>[0], locale = 'en-GB') {
  const app = await startApp(t, { database: await testDatabase() });
  const watched = await openPage(t, `${app.url}/?part=suggest`, { locale });
  await watched.page.locator('main[aria-busy="false"]').waitFor();
  return { ...app, ...watched };
}

describe('search suggestion by keyboard alone', {
  skip: noBrowser || noDatabaseProgram,
  concurrency: 3,
}, () => {
  test('opens, chooses, takes and explains', async (t) => {
    const { page } = await openSuggest(t);
    while ((await page.evaluate(() => document.activeElement?.id)) !== 'term') {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('SeSs');
    await options(page).nth(3).waitFor();
    assert.equal(await box(page).getAttribute('aria-expanded'), 'true');
    assert.equal(await status(page).innerText(), '4 terms begin with “SeSs”.');
    assert.equal(await meant(page), '');
    for (const [key, expected] of [
      ['ArrowDown', 'session'],
      ['ArrowDown', 'session fixation'],
      ['ArrowUp', 'session'],
      ['ArrowUp', 'sessionStorage'],
      ['ArrowDown', 'session'],
      ['ArrowLeft', ''],
      ['ArrowUp', 'sessionStorage'],
      ['End', ''],
      ['ArrowDown', 'session'],
    ] as const) {
      await page.keyboard.press(key);
      assert.equal(await meant(page), expected, key);
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'session', exact: true }).waitFor();
    await page.getByText('What the server remembers about one browser').waitFor();
    assert.equal(await box(page).inputValue(), 'session');
    assert.equal(await box(page).getAttribute('aria-expanded'), 'false');
    assert.equal(await options(page).count(), 0);
    await page.keyboard.press('ArrowDown');
    await options(page).nth(2).waitFor();
    assert.equal(await box(page).getAttribute('aria-expanded'), 'true');
  });

  test('asks no more at an arrow for what is known to begin no term', async (t) => {
    const { page, lines } = await openSuggest(t);
    await box(page).focus();
    await page.keyboard.type('zz');
    await status(page).getByText('No term begins with “zz”.').waitFor();
    const { length } = lines;
    for (let count = 0; count < 5; count += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.type('z');
    await status(page).getByText('No term begins with “zzz”.').waitFor();
    assert.equal(lines.length, length + 1);
  });

  test('closes at Escape, opens again at an arrow, and empties the box at a second Escape', async (t) => {
    const { page } = await openSuggest(t);
    await box(page).focus();
    await page.keyboard.insertText('cal'); // at once: of letters that come slowly, each asks
    await options(page).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await box(page).getAttribute('aria-expanded'), 'false');
    assert.equal(await box(page).inputValue(), 'cal');
    await page.keyboard.press('Alt+ArrowDown');
    assert.equal(await meant(page), '');
    await page.keyboard.press('Alt+ArrowUp');
    assert.equal(await box(page).getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowDown');
    assert.equal(await meant(page), 'callback');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.equal(await box(page).inputValue(), '');
    await page.keyboard.type('no such thing');
    await status(page).getByText('No term begins with “no such thing”.').waitFor();
    await page.keyboard.press('ArrowDown');
    assert.equal(await box(page).getAttribute('aria-expanded'), 'false');
  });

  for (const key of ['Escape', 'Alt+ArrowUp']) {
    test(`that ${key} has closed stays closed, also when an answer was under way`, async (t) => {
      const { page } = await openSuggest(t);
      await box(page).focus();
      await page.keyboard.insertText('c');
      await options(page).nth(1).waitFor();
      const release = await hold(page, '**/suggest*q=cal*');
      await page.keyboard.insertText('al');
      const asked = page.locator('#race li', { hasText: 'q=cal' });
      await asked.waitFor();
      await page.keyboard.press(key);
      await asked.getByText('given up').waitFor();
      release();
      assert.equal(await box(page).getAttribute('aria-expanded'), 'false');
      await page.keyboard.press('ArrowDown');
      await page.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1);
      assert.equal(await options(page).filter({ hasText: 'callback' }).count(), 1);
    });
  }

  test('closes when the box is left', async (t) => {
    const { page } = await openSuggest(t);
    await box(page).focus();
    await page.keyboard.type('cal');
    await options(page).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await options(page).count(), 0);
  });
});

describe('search suggestion', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  test('covers nothing with its list', async (t) => {
    const { page } = await openSuggest(t);
    await page.setViewportSize({ width: 360, height: 900 });
    await box(page).pressSequentially('s');
    await options(page).nth(7).waitFor();
    const list = await page.getByRole('listbox').boundingBox();
    const guards = await page.getByRole('heading', { name: 'Guards' }).boundingBox();
    assert.ok(list && guards && list.y + list.height < guards.y);
    // Pressed for as long as a finger presses: the list must not close under it.
    await page.getByLabel('Slow network').click({ delay: 80 });
    assert.ok(await page.getByLabel('Slow network').isChecked());
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
  });

  test('takes the suggestion that is clicked', async (t) => {
    const { page } = await openSuggest(t);
    await box(page).pressSequentially('cookie');
    await options(page).getByText('cookie', { exact: true }).click();
    await page.getByText('A small text that the server asks the browser to keep').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'term');
  });

  test('speaks Chinese, and translates what was taken when the language is switched', async (t) => {
    const { page } = await openSuggest(t, 'zh-CN');
    const chinese = page.getByRole('combobox', { name: '查找术语' });
    await chinese.pressSequentially('HttpO');
    await status(page).getByText('1 个以“HttpO”开头的术语。').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('但不让任何脚本看到').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('and shows it to no script').waitFor();
    await box(page).fill('会话');
    await options(page).filter({ hasText: '会话固定' }).waitFor();
  });

  test('encodes what is typed, and takes % for a letter', async (t) => {
    const { page, lines } = await openSuggest(t);
    await box(page).fill('%2');
    await options(page).getByText('%20', { exact: true }).waitFor();
    assert.ok(lines.includes('GET /suggest?lang=en&q=%252 200'));
  });

  test('says when the database does not answer, and goes on', async (t) => {
    const { page, expectErrors } = await openSuggest(t);
    expectErrors(/status of 503/);
    await page.route('**/suggest?*', (route) => route.fulfill({ status: 503, body: '{}' }), {
      times: 1,
    });
    await box(page).fill('cal');
    await status(page).getByText('The server is busy, or has no database.').waitFor();
    await box(page).fill('callb');
    await status(page).getByText('1 term begins with “callb”.').waitFor();
    // Longer than a question may take before the page says that it asks.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 350)));
    assert.equal(await status(page).innerText(), '1 term begins with “callb”.');
  });
});
