import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
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
    const { page } = await openPage(t, `${url}/?part=form`);
    await fillAndLeave(page, 'Admin');
    await expectVerdict(page, /^This name is taken/);
    assert.equal(await name(page).getAttribute('aria-invalid'), 'true');
  });

  test('says that a free name is free', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
    await fillAndLeave(page, 'somebody-new');
    await expectVerdict(page, /^This name is free/);
    assert.equal(await name(page).getAttribute('aria-invalid'), null);
  });

  test('speaks Chinese to a Chinese browser', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`, { locale: 'zh-CN' });
    await page.getByRole('textbox', { name: '用户名' }).first().fill('王小明');
    await page.getByRole('textbox', { name: '用户名' }).first().blur();
    await expectVerdict(page, /^这个用户名已被占用/);
    await page.getByRole('button', { name: 'English' }).click();
    await expectVerdict(page, /^This name is taken/);
  });

  test('asks nothing for a name that breaks the rules, or that was just checked', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
    await fillAndLeave(page, 'ab');
    await expectVerdict(page, /^Use 3–20 letters/);
    await fillAndLeave(page, 'alice');
    await expectVerdict(page, /taken/);
    await name(page).focus();
    await name(page).blur();
    await page.waitForLoadState('networkidle');
    assert.equal(lines.filter((line) => line.startsWith('GET /check-uname')).length, 1);
  });

  test('takes the verdict back at the next letter, and checks again after a pause', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
    await fillAndLeave(page, 'alice');
    await expectVerdict(page, /taken/);
    await name(page).pressSequentially('x');
    await expectVerdict(page, /^$/);
    await expectVerdict(page, /^This name is free/);
  });

  test('never shows a slow answer that was overtaken', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
    const release = await hold(page, '**/check-uname?uname=admin');
    await fillAndLeave(page, 'admin');
    await expectVerdict(page, /^Checking/);
    await fillAndLeave(page, 'free-as-a-bird');
    await expectVerdict(page, /^This name is free/);
    release();
    await page.waitForLoadState('networkidle');
    assert.match((await verdict(page).textContent()) ?? '', /^This name is free/);
  });

  test('says nothing of a check that was given up, not even for a moment', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
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

  test('encodes the name, so that & does not end it', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
    const asked = page.waitForRequest(/check-uname/);
    await fillAndLeave(page, '老王王');
    assert.match((await asked).url(), /uname=%E8%80%81%E7%8E%8B%E7%8E%8B$/);
    await expectVerdict(page, /free/);
  });

  test('registers, logs in and logs out without leaving the page', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=form`);
    await name(page).fill('Grace-H');
    await page.locator('#upwd').fill('a&b=c horse');
    await page.getByRole('textbox', { name: 'Nickname' }).fill('<b>Grace</b>');
    await expectVerdict(page, /free/);
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('<b>Grace</b> is registered as grace-h').waitFor();
    await expectVerdict(page, /^$/);
    await page.locator('#login-upwd').fill('a&b=c horse');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('You are logged in: <b>Grace</b> (grace-h).').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    expectErrors(/status of 40[19]/);
    await page.getByRole('textbox', { name: 'User name' }).last().fill('grace-h');
    await page.locator('#login-upwd').fill('not the one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The name or the password is wrong.').waitFor();
  });

  test('moves the focus to the first field that is wrong after a refused submit', async (t) => {
    const { url, lines } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=form`);
    await name(page).fill('good-name');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('Use 8–128 characters.').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'upwd');
    assert.equal(lines.filter((line) => line.startsWith('POST')).length, 0);
  });

  test('tells whoever was overtaken between the check and the insert', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=form`);
    expectErrors(/status of 409/);
    await fillAndLeave(page, 'racer');
    await expectVerdict(page, /free/);
    const body = new URLSearchParams({ uname: 'racer', upwd: '12345678', nickname: 'First' });
    assert.equal((await fetch(`${url}/register`, { method: 'POST', body })).status, 201);
    await page.locator('#upwd').fill('12345678');
    await page.getByRole('textbox', { name: 'Nickname' }).fill('Second');
    await page.getByRole('button', { name: 'Register' }).click();
    await expectVerdict(page, /taken/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'uname');
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
  const { page, expectErrors } = await openPage(t, `${url}/?part=form`);
  expectErrors(/Failed to load resource/);
  for (const [index, [what, answer, text]] of failures.entries()) {
    await page.route(`**/check-uname?uname=somebody${index}`, (route) =>
      answer === 'abort' ? route.abort() : route.fulfill({ status: answer, body: '{}' }),
    );
    await fillAndLeave(page, `somebody${index}`);
    await expectVerdict(page, text);
    assert.equal(await name(page).getAttribute('aria-invalid'), null, what);
  }
});
