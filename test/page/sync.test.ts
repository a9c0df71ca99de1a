import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

describe('waiting or not', { skip: noBrowser, concurrency: 3 }, () => {
  test('lets the counter run on under true', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=sync`);
    await page.getByRole('button', { name: "open('get', url, true)" }).click();
    await page.getByText('The request goes out. Go on typing.').waitFor();
    const result = page.locator('#result-true').filter({ hasText: /ticks while waiting/ });
    const ticks = Number.parseInt(await result.innerText(), 10);
    assert.ok(ticks > 5, `${ticks} ticks`);
    assert.ok((await page.locator('#track-true line').count()) > ticks);
  });

  test('lets one run end before the other, and compares when both are over', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=sync`);
    await page.getByRole('button', { name: "open('get', url, true)" }).click();
    await page.getByRole('button', { name: "open('get', url, false)" }).click();
    await page.getByText('One at a time').waitFor();
    await page.getByText('Over. Now press the other one.').waitFor();
    await page.getByRole('button', { name: "open('get', url, false)" }).click();
    await page.getByText('Over. Compare the two drawings.').waitFor();
  });

  test('stops the counter under false, and says so first', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=sync`);
    await page.evaluate(() => {
      const { send } = XMLHttpRequest.prototype;
      XMLHttpRequest.prototype.send = function (body) {
        document.body.dataset.said =
          document.querySelector<HTMLElement>('#message')?.innerText ?? '';
        send.call(this, body);
      };
    });
    await page.getByRole('button', { name: "open('get', url, false)" }).click();
    const result = page.locator('#result-false').filter({ hasText: /ticks while waiting/ });
    assert.match(await result.innerText(), /^0 ticks while waiting for 2\d\d\d ms/);
    assert.equal(
      await page.locator('body').getAttribute('data-said'),
      'Now the page freezes for 2 s. Try to type.',
    );
  });

  test('says in Chinese when a synchronous request finds no server', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=sync`, { locale: 'zh-CN' });
    expectErrors(/Failed to load resource/);
    await page.route('**/lab/slow*', (route) => route.abort());
    await page.getByRole('button', { name: "open('get', url, false)" }).click();
    await page.getByText('页面马上要冻结 2 秒').waitFor();
    await page.getByText('服务器没有响应。').waitFor();
    await page.locator('figcaption').getByText('仍没有响应').waitFor();
  });

  test('shows that a synchronous request may have no timeout', async (t) => {
    const { url, lines } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=sync`);
    await page.getByRole('button', { name: 'Set a timeout' }).click();
    await page.getByText(/xhr\.timeout = 1000 throws.* InvalidAccessError/).waitFor();
    assert.ok(!lines.some((line) => line.includes('/lab/slow')));
  });
});
