import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { hold } from '../support/parts.ts';

const name = (page: Page) => page.getByRole('textbox', { name: 'User name' }).first();
const verdict = (page: Page) => page.locator('#uname-message');

async function fillAndLeave(page: Page, text: string): Promise<void> {
  await name(page).fill(text);
  await name(page).blur();
}

async function expectVerdict(page: Page, text: RegExp): Promise<void> {
  await verdict(page).filter({ hasText: text }).waitFor();
}

describe('the name check on the page', {
  skip: noDatabaseProgram || noBrowser,
  concurrency: 3,
}, () => {
  test('says that a taken name is taken when its box is left', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    await fillAndLeave(page, 'Admin');
    await expectVerdict(page, /^This name is taken/);
    assert.equal(await name(page).getAttribute('aria-invalid'), 'true');
  });

  test('says that a free name is free', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    await fillAndLeave(page, 'somebody-new');
    await expectVerdict(page, /^This name is free/);
    assert.equal(await name(page).getAttribute('aria-invalid'), null);
  });

  test('speaks Chinese to a Chinese browser', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`, { locale: 'zh-CN' });
    await page.getByRole('textbox', { name: '用户名' }).first().fill('王小明');
    await page.getByRole('textbox', { name: '用户名' }).first().blur();
    await verdict(page)
      .getByText(/^这个用户名已被占用/)
      .waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await expectVerdict(page, /^This name is taken/);
    await name(page).fill('');
    await page.getByRole('button', { name: '中文' }).click();
    assert.equal(await verdict(page).innerText(), '', 'what was taken back does not come back');
  });

  test('asks nothing for a name that breaks the rules, or that was just checked', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('check-uname')) asked.push(request.url());
    });
    await fillAndLeave(page, 'ab');
    await expectVerdict(page, /^Use 3–20 letters/);
    await fillAndLeave(page, 'alice');
    await expectVerdict(page, /taken/);
    await name(page).focus();
    await name(page).blur();
    await page.evaluate(() => fetch('/healthz'));
    assert.equal(asked.length, 1);
  });

  test('takes the verdict back at the next letter, and checks again after a pause', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    await fillAndLeave(page, 'alice');
    await expectVerdict(page, /taken/);
    await name(page).pressSequentially('x');
    await expectVerdict(page, /^$/);
    await expectVerdict(page, /^This name is free/);
  });

  test('never shows a slow answer that was overtaken', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    const release = await hold(page, '**/check-uname?uname=admin');
    await fillAndLeave(page, 'admin');
    await expectVerdict(page, /^Checking/);
    await fillAndLeave(page, 'free-as-a-bird');
    await expectVerdict(page, /^This name is free/);
    release();
    await page.evaluate(() => fetch('/healthz'));
    assert.match(await verdict(page).innerText(), /^This name is free/);
  });

  test('shows no verdict on a name that has been typed over meanwhile', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    const release = await hold(page, '**/check-uname?uname=admin');
    await fillAndLeave(page, 'admin');
    await expectVerdict(page, /^Checking/);
    await name(page).focus();
    await name(page).pressSequentially('x');
    await expectVerdict(page, /^$/);
    const late = page.waitForResponse(/uname=admin$/);
    release();
    await (await late).finished();
    await page.evaluate(() => fetch('/healthz'));
    assert.equal(await verdict(page).innerText(), '');
  });

  test('says nothing of a check that was given up, not even for a moment', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    await page.locator('main[aria-busy="false"]').waitFor();
    await verdict(page).evaluate((message) => {
      const said: (string | null)[] = [];
      new MutationObserver((records) => {
        for (const { addedNodes } of records) said.push(addedNodes[0]?.textContent ?? '');
        document.body.dataset.said = said.join('|');
      }).observe(message, { childList: true });
    });
    await hold(page, '**/check-uname?uname=admin');
    await fillAndLeave(page, 'admin');
    await fillAndLeave(page, 'free-as-a-fish');
    await expectVerdict(page, /^This name is free/);
    const said = (await page.locator('body').getAttribute('data-said')) ?? '';
    assert.ok(!said.includes('does not answer'), said);
  });

  test('asks for a Chinese name, encoded', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    const asked = page.waitForRequest(/check-uname/);
    await fillAndLeave(page, '老王王');
    assert.match((await asked).url(), /uname=%E8%80%81%E7%8E%8B%E7%8E%8B$/);
    await expectVerdict(page, /free/);
  });

  test('moves the focus to the first field that is wrong after a refused submit', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await page.locator('#upwd').fill('12345678');
    await page.getByRole('textbox', { name: 'Nickname' }).fill('Nick');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('Enter a user name.').waitFor();
    assert.equal(await focused(), 'uname');
    await name(page).fill('good-name');
    await page.locator('#upwd').fill('');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('Use 8–128 characters.').waitFor();
    assert.equal(await focused(), 'upwd');
    assert.equal(lines.filter((line) => line.startsWith('POST')).length, 0);
  });
});

const failures: [what: string, answer: 'abort' | number, text: RegExp][] = [
  ['the server is gone', 'abort', /server does not answer/],
  ['there were too many checks', 429, /too many checks/],
  ['the database does not answer', 503, /database does not answer/],
  ['the server fails', 500, /the server failed/],
];
test('the page says why it could not check, and blames nobody', { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const { page, expectErrors } = await openPage(t, `${url}/?part=form#solution`);
  expectErrors(/Failed to load resource/);
  for (const [index, [what, answer, text]] of failures.entries()) {
    await page.route(`**/check-uname?uname=somebody${index}`, (route) =>
      answer === 'abort' ? route.abort() : route.fulfill({ status: answer, body: '{}' }),
    );
    await fillAndLeave(page, `somebody${index}`);
    await expectVerdict(page, text);
    assert.equal(await name(page).getAttribute('aria-invalid'), null, what);
  }
  // What could not be found out is asked again, although the name is the same.
  const last = `**/check-uname?uname=somebody${failures.length - 1}`;
  await page.route(last, (route) => route.fulfill({ body: '{"exists":false}' }));
  await name(page).focus();
  await name(page).blur();
  await expectVerdict(page, /^This name is free/);
});

test('the page waits for no answer for ever', { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const { page, expectErrors } = await openBlank(t);
  expectErrors(/status of 503/); // there is no database
  await page.addInitScript(() => {
    const limits: number[] = [];
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
      limits.push(this.timeout);
      document.documentElement.dataset.limits = limits.join(' ');
      send.call(this, body);
    };
  });
  await page.goto(`${url}/?part=form#solution`);
  await fillAndLeave(page, 'somebody');
  await expectVerdict(page, /database does not answer/);
  const limits = (await page.locator('html').getAttribute('data-limits'))?.split(' ').map(Number);
  assert.ok(limits && limits.length >= 4, `${limits}`);
  assert.ok(
    limits.every((ms) => ms > 0 && ms <= 30_000),
    `${limits}`,
  );
});
