import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();

/** Sends a text, and waits for both answers. */
async function send(page: Page, written: string): Promise<void> {
  await page.getByRole('textbox', { name: 'What a visitor writes' }).fill(written);
  await page.getByRole('button', { name: 'Send' }).click();
  for (const id of ['encoded', 'plain']) {
    await page.locator(`#${id}-verdict`).filter({ hasText: /./ }).waitFor();
  }
}

const sent: [written: string, body: string, plain: RegExp, verdict: RegExp][] = [
  ['a&b', 'text=a%26b', /^text = "a"\nb = ""$/, /^Something else/],
  ['1+1=2', 'text=1%2B1%3D2', /^text = "1 1=2"$/, /^Something else/],
  ['100%', 'text=100%25', /^400 /, /refused it/],
  ['老王', 'text=%E8%80%81%E7%8E%8B', /^text = "老王"$/, /what was written/],
];

describe('encoding and escaping', { skip: noBrowser, concurrency: 3 }, () => {
  for (const [written, body, plain, verdict] of sent) {
    test(`sends ${written} encoded and as it is, and shows what the server has read`, async (t) => {
      const { url } = await startApp(t);
      const { page, expectErrors } = await openPage(t, `${url}/?part=encoding`);
      expectErrors(/status of 400/);
      await send(page, written);
      assert.equal(await text(page, 'encoded-body'), body);
      assert.equal(await text(page, 'encoded-fields'), `text = ${JSON.stringify(written)}`);
      assert.match(await text(page, 'encoded-verdict'), /what was written/);
      assert.equal(await text(page, 'plain-body'), `text=${written}`);
      assert.match(await text(page, 'plain-fields'), plain);
      assert.match(await text(page, 'plain-verdict'), verdict);
      assert.equal(await text(page, 'as-text'), written);
      assert.equal(await text(page, 'escaped'), written.replace('&', '&amp;'));
    });
  }

  test('shows a tag as text, and describes what would have run, without running it', async (t) => {
    const { url, lines } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=encoding`, { locale: 'zh-CN' });
    page.on('dialog', () => assert.fail('it ran'));
    await page.getByRole('button', { name: '<img src=x onerror=alert(1)>' }).click();
    await page
      .locator('#as-html li', { hasText: 'onerror = "alert(1)"' })
      .getByText('可能被执行')
      .waitFor();
    assert.equal(await text(page, 'as-text'), '<img src=x onerror=alert(1)>');
    assert.equal(await text(page, 'escaped'), '&lt;img src=x onerror=alert(1)&gt;');
    assert.equal(await page.locator('main img').count(), 0);
    assert.ok(!lines.includes('GET /x 404'), lines.join('\n'));
  });

  test('causes no report by the Content-Security-Policy, however the tag is written', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=encoding`);
    await send(
      page,
      `<p style="color:red"ONclick=a()>on <svg/onload=b()><a href="javascript:c()"\fonfocus=d()>`,
    );
    assert.deepEqual(await page.locator('#as-html li').allInnerTexts(), [
      '<p>',
      'style = "color:red"',
      'onclick = "a()" could run',
      '"on "',
      '<svg>',
      'onload = "b()" could run',
      '<a>',
      'href = "javascript:c()" could run',
      'onfocus = "d()" could run',
    ]);
  });

  test('finds what could run, however the address is written', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=encoding`);
    await send(page, '<a href="java&#9;script:a()" title="javascript"><iframe srcdoc="&lt;p>">');
    assert.deepEqual(await page.locator('#as-html li').allInnerTexts(), [
      '<a>',
      'href = "java\\tscript:a()" could run',
      'title = "javascript"',
      '<iframe>',
      'srcdoc = "<p>" could run',
    ]);
  });

  test('says that a text without HTML stays the same', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=encoding`);
    await send(page, 'a < b');
    await page.getByText('The same: it holds no HTML.').waitFor();
    await send(page, '');
    await page.getByText('The same: it holds no HTML.').waitFor();
    await send(page, '&lt;');
    await page.getByText('Not what was written').waitFor();
  });

  test('says that the server does not answer', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=encoding`);
    expectErrors(/Failed to load resource/);
    await page.route('**/02-server', (route) => route.abort());
    await send(page, 'a&b');
    assert.equal(await text(page, 'encoded-verdict'), 'The server does not answer.');
    assert.equal(await text(page, 'plain-verdict'), 'The server does not answer.');
  });
});
