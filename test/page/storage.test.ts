/**
 * Where a browser lets the page keep nothing: blocked together with cookies, missing, or full.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';

const storages: [what: string, script: string][] = [
  [
    'blocked',
    `Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('Access is denied', 'SecurityError'); },
    });`,
  ],
  ['missing', `Object.defineProperty(window, 'localStorage', { value: null });`],
  [
    'full',
    `Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };`,
  ],
];

test('the page says what it means that cookies are blocked', { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const { page } = await openBlank(t);
  await page.addInitScript(`Object.defineProperty(navigator, 'cookieEnabled', { value: false })`);
  await page.goto(`${url}/?part=session`);
  await page.getByText('This browser accepts no cookies from this site').waitFor();
  await page.getByRole('link', { name: 'createXhr', exact: true }).click();
  await page
    .getByText('This browser accepts no cookies from this site')
    .waitFor({ state: 'detached' });
});

describe('the page, where storage is', { skip: noBrowser, concurrency: 3 }, () => {
  for (const [what, script] of storages) {
    test(`${what}: is alive, and keeps the chosen language while it is open`, async (t) => {
      const { url } = await startApp(t);
      const { page } = await openBlank(t);
      await page.addInitScript(script);
      await page.goto(`${url}/?part=xhr`);
      await page.getByRole('button', { name: 'In this browser' }).click();
      await page.getByText('createXhr() → [object XMLHttpRequest]').waitFor();
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByText('这个浏览器走的是第一个分支。').waitFor();
      await page.getByRole('link', { name: '排错' }).click();
      await page.locator('main[aria-busy="false"] h1', { hasText: '排错' }).waitFor();
      assert.equal(await page.getByRole('button', { name: '运行' }).isVisible(), true);
      await page.locator('.steps-on [rel="next"]').click();
      await page.locator('.contents a', { hasText: '排错' }).locator('.done').waitFor();
      await page.getByRole('link', { name: '轮到你了', exact: true }).click();
      assert.match(await page.locator('#program').inputValue(), /^function /);
    });
  }
});

test('the chosen language is kept for the next visit', { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const { page } = await openPage(t, `${url}/?part=xhr`);
  await page.getByRole('button', { name: '中文' }).click();
  await page.reload();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
});

test('two tabs lose nothing of each other, and share no key with another program', {
  skip: noBrowser,
}, async (t) => {
  const { url } = await startApp(t);
  const { page: one } = await openPage(t, `${url}/?part=xhr`);
  await one.evaluate(() => localStorage.setItem('done', 'of another program'));
  const two = await one.context().newPage();
  await two.goto(`${url}/?part=sync`);
  for (const page of [one, two, one]) {
    const before = await page.locator('h1').innerText();
    await page.locator('.steps-on [rel="next"]').click();
    await page.locator('main[aria-busy="false"] h1').filter({ hasNotText: before }).waitFor();
  }
  const stored = await one.evaluate(() => Object.entries(localStorage));
  assert.deepEqual(stored.sort(), [
    ['done', 'of another program'],
    ['session-ajax:done', 'xhr sync request'],
  ]);
});
