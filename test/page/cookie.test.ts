import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

async function keepBoth(page: Page): Promise<void> {
  await press(page, 'Keep level=user both ways');
  await page.getByText('Kept. Now tamper with it.').waitFor();
}

/** What the server believes, by the plain cookie and by the session. */
async function believed(page: Page): Promise<string[]> {
  return [
    await page.locator('#cookie-says').innerText(),
    await page.locator('#session-says').innerText(),
  ];
}

describe('the lesson on cookie against session', { skip: noBrowser, concurrency: 3 }, () => {
  test('shows that the server believes a plain cookie that a script has changed', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await keepBoth(page);
    assert.deepEqual(await believed(page), ['user', 'user']);
    await page.locator('#where-cookie').getByText('the script reads "level=user"').waitFor();
    await page.locator('#long-session').getByText('if it is not used again').waitFor();
    await press(page, 'Change the plain cookie to admin');
    await page.locator('#safe-cookie').getByText('the server believed: admin').waitFor();
    assert.deepEqual(await believed(page), ['admin', 'user']);
  });

  test('tries to forge the session’s cookie, and tells what the browser and the server did', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await keepBoth(page);
    const [real] = (await page.context().cookies()).filter(({ name }) => name === 'sid');
    await press(page, 'Try to change the session’s cookie');
    const told = page.locator('#safe-session');
    await told.getByText('The browser did not let the script overwrite it.').waitFor();
    await told.getByText('A forged one beside it did go along (2 cookies named sid)').waitFor();
    await told.getByText('The server still says: user.').waitFor();
    const after = (await page.context().cookies([url, `${url}/lab/level`])).filter(
      ({ name }) => name === 'sid',
    );
    assert.deepEqual(after, [real], 'nothing forged is left behind');
  });

  test('goes by the server’s word where the browser lists a cookie that it refused', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openBlank(t);
    // As WebKitGTK does.
    await page.addInitScript(() => {
      const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie') ?? {};
      let refused = '';
      Object.defineProperty(Document.prototype, 'cookie', {
        get() {
          return [get?.call(this), refused].join('; ');
        },
        set(text: string) {
          if (text.startsWith('sid=')) refused = text.includes('Max-Age') ? '' : text;
          set?.call(this, text);
        },
      });
    });
    await page.goto(`${url}/?part=cookie`);
    await keepBoth(page);
    await press(page, 'Try to change the session’s cookie');
    const told = page.locator('#safe-session');
    await told.getByText('The browser did not let the script overwrite it.').waitFor();
    await page.locator('#ask').click();
    await told.getByText('The server still says: user.').waitFor();
  });

  test('makes whoever changes one letter of the cookie a stranger', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await keepBoth(page);
    const context = page.context();
    const [sid] = (await context.cookies()).filter(({ name }) => name === 'sid');
    assert.ok(sid);
    const letter = sid.value.startsWith('A') ? 'B' : 'A';
    await context.addCookies([{ ...sid, value: letter + sid.value.slice(1) }]);
    await press(page, 'ask the server');
    await page.locator('#safe-session').getByText('you are a stranger now').waitFor();
    assert.deepEqual(await believed(page), ['user', 'none']);
    assert.deepEqual(
      (await context.cookies()).map(({ name }) => name).sort(),
      ['level', 'sid'],
      'what the server never signed is not taken back',
    );
  });

  test('takes everything back', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await keepBoth(page);
    for (const time of ['first', 'second']) {
      await press(page, 'Undo all of it');
      await page.getByText('Both are gone.').waitFor();
      assert.deepEqual(await believed(page), ['none', 'none'], time);
    }
  });

  test('reads a cookie of Flask’s without its key', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await press(page, 'Read it without the key');
    await page.getByText('{"level":"user"}', { exact: true }).waitFor();
  });

  test('shows what SECRET_KEY does: a letter changed, the key changed, and an old key kept', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    const verdict = (text: string) => page.locator('#signed-message').getByText(text).waitFor();
    await press(page, 'Change a letter of the id');
    await verdict('Sign an id first.');
    for (const letter of ['id', 'signature']) {
      await press(page, 'Sign a new id');
      await verdict('its key has signed this id');
      await press(page, `Change a letter of the ${letter}`);
      await verdict('none of its keys makes this signature');
    }
    await press(page, 'Sign a new id');
    await verdict('its key has signed this id');
    await press(page, 'Change the key');
    await verdict('all visitors are strangers');
    await press(page, 'Sign a new id');
    await verdict('its key has signed this id');
    await press(page, 'Change it, and keep the old one');
    await verdict('the old key has signed this id');
    await page.locator('#key-now').fill('');
    await page.locator('#key-now').blur();
    await verdict('There is no key');
    await press(page, '中文');
    await verdict('没有密钥');
  });

  test('tells it in Chinese', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`, { locale: 'zh-CN' });
    await press(page, '两边都存 level=user');
    await page.getByText('已保存。现在来篡改吧。').waitFor();
    await press(page, '尝试改动会话的 Cookie');
    await page.locator('#safe-session').getByText('服务器仍然认定：user。').waitFor();
    await press(page, 'English');
    await page.locator('#safe-session').getByText('The server still says: user.').waitFor();
  });
});
