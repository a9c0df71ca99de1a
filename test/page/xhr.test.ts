import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

describe('the lesson on createXhr', { skip: noBrowser, concurrency: 3 }, () => {
  test('shows which object this browser gives, and which members it has', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=xhr`);
    await page.getByRole('button', { name: 'In this browser' }).click();
    await page.getByText('createXhr() → [object XMLHttpRequest]').waitFor();
    await page.getByText('This browser took the first branch.').waitFor();
    const member = (name: string) => page.locator(`[data-member="${name}"]`).innerText();
    for (const [name, value] of [
      ['open', 'function'],
      ['onreadystatechange', 'null'],
      ['readyState', '0'],
      ['responseText', '""'],
    ] as const) {
      assert.equal(await member(name), value, name);
    }
  });

  test('takes the second branch where the first cannot be taken', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=xhr`);
    await page.getByRole('button', { name: 'As if it had none' }).click();
    await page.getByText('createXhr() → ReferenceError: ActiveXObject is not defined').waitFor();
    await page.getByRole('button', { name: 'As in Internet Explorer 6' }).click();
    await page.getByText('createXhr() → [Microsoft.XMLHTTP]').waitFor();
  });

  test('puts the window’s own members back', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=xhr`, { locale: 'zh-CN' });
    await page.getByRole('button', { name: '假装它没有' }).click();
    await page.getByRole('button', { name: '像在 IE 6 里那样' }).click();
    await page.getByText('第二个分支按名字向 Windows 要一个组件').waitFor();
    await page.getByRole('button', { name: '在这个浏览器里' }).click();
    await page.getByText(/window\.ActiveXObject .*是 undefined/).waitFor();
    await page.getByText('这个浏览器走的是第一个分支。').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: '单页应用' }).click();
    await page.locator('main[aria-busy="false"] h1', { hasText: '单页应用' }).waitFor();
  });
});
