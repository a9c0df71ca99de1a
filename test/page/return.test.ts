import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

const ways: [what: string, name: string, first: RegExp, second: RegExp][] = [
  [
    'undefined from a return inside the callback, and the answer too late',
    'trap',
    /answer is undefined$/,
    /the callback returned "Hello, Ada!" to the browser/,
  ],
  ['the answer from a synchronous request', 'wait', /answer is "Hello, Ada!"$/, /stood still$/],
  ['the answer in a callback', 'call', /the function has returned/, /answer is "Hello, Ada!"$/],
  ['a promise, and then the answer', 'await', /\[object Promise\]$/, /answer is "Hello, Ada!"$/],
];

describe('the return trap', { skip: noBrowser, concurrency: 3 }, () => {
  test('shows what each way of asking gives, and when', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=return`);
    for (const [what, name, first, second] of ways) {
      const guess = page.locator(`#guess-${name}`).getByRole('radio');
      await page.locator(`#run-${name}`).click();
      await page.locator(`#verdict-${name}`).getByText('Guess first').waitFor();
      await guess.nth(name === 'trap' ? 0 : 2).check();
      await page.locator(`#run-${name}`).click();
      const said = name === 'trap' ? 'You guessed right.' : 'Not as you guessed.';
      await page.locator(`#verdict-${name}`).getByText(said).waitFor();
      const lines = page.locator(`#result-${name} li`);
      await lines.nth(1).waitFor();
      const [one = '', two = ''] = await lines.allInnerTexts();
      assert.match(one.trim(), first, what);
      assert.match(two.trim(), second, what);
    }
  });

  test('shows the functions that run', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=return`, { locale: 'zh-CN' });
    const code = page.getByRole('region', { name: '3. 回调' });
    await code.filter({ hasText: 'done(xhr.responseText)' }).waitFor();
    await code.filter({ hasText: 'askAndCall((answer) => show(answer));' }).waitFor();
    const file = readFileSync(join(STATIC_FOLDER, 'js/lessons/return.js'), 'utf8');
    const [trap = ''] = (await page.locator('#code-trap').innerText()).split('\n\n');
    assert.ok(file.includes(`export ${trap}\n`), trap);
  });

  test('says that there is no answer when the server is gone', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=return`, { locale: 'zh-CN' });
    expectErrors(/Failed to load resource/);
    await page.route('**/01-server*', (route) => route.abort());
    for (const name of ['await', 'wait']) {
      await page.locator(`#guess-${name}`).getByRole('radio').first().check();
    }
    await page.locator('#run-await').click();
    await page.locator('#result-await').getByText('没有得到响应：').waitFor();
    await page.locator('#run-wait').click();
    await page.locator('#result-wait').getByText('NetworkError').waitFor();
  });
});
