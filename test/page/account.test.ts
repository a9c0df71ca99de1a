/**
 * Registering, logging in and logging out on the page.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { sendForm } from '../support/http.ts';

const name = (page: Page) => page.getByRole('textbox', { name: 'User name' }).first();
const verdict = (page: Page) => page.locator('#uname-message');

async function expectVerdict(page: Page, text: RegExp): Promise<void> {
  await verdict(page).filter({ hasText: text }).waitFor();
}

describe('the account on the page', {
  skip: noDatabaseProgram || noBrowser,
  concurrency: 3,
}, () => {
  test('registers, logs in and logs out without leaving the page', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=form#solution`);
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
    assert.equal(await page.locator('#login-upwd').inputValue(), '', 'a password is not left');
    assert.match(await page.locator('#wire').innerText(), /POST \/register .*upwd=….* 201 /);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    expectErrors(/status of 40[19]/);
    await page.getByRole('textbox', { name: 'User name' }).last().fill('grace-h');
    await page.locator('#login-upwd').fill('not the one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('The name or the password is wrong.').waitFor();
  });

  test('tells whoever was overtaken between the check and the insert', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=form#solution`);
    expectErrors(/status of 409/);
    await name(page).fill('racer');
    await name(page).blur();
    await expectVerdict(page, /free/);
    const body = new URLSearchParams({ uname: 'racer', upwd: '12345678', nickname: 'First' });
    assert.equal((await fetch(`${url}/register`, { method: 'POST', body })).status, 201);
    await page.locator('#upwd').fill('12345678');
    await page.getByRole('textbox', { name: 'Nickname' }).fill('Second');
    await page.getByRole('button', { name: 'Register' }).click();
    await expectVerdict(page, /taken/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'uname');
  });

  test('says how long to wait after too many wrong passwords', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, `${url}/?part=form#solution`);
    expectErrors(/status of 429/);
    const headers = { 'Retry-After': '7' };
    await page.route('**/login', (route) => route.fulfill({ status: 429, headers, body: '{}' }));
    await page.locator('#login-uname').fill('admin');
    await page.locator('#login-upwd').fill('not the one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Too many tries. Wait 7 s.').waitFor();
  });
});

describe('my other sessions', { skip: noBrowser || noDatabaseProgram }, () => {
  const USER = { uname: 'wanderer', upwd: 'correct horse', nickname: 'Wanda' };

  test('are listed with a button to end each, and ended in the other browser', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    await sendForm(`${url}/register`, USER);
    const open = async () => (await openPage(t, `${url}/?part=form#solution`)).page;
    const [here, there, elsewhere] = [await open(), await open(), await open()];
    await here.getByText('Log in above, and do the same in a private window').waitFor();
    for (const page of [there, elsewhere, here]) {
      await page.locator('#login-uname').fill(USER.uname);
      await page.locator('#login-upwd').fill(USER.upwd);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('You are logged in: Wanda (wanderer).').waitFor();
    }
    const others = here.locator('#mine li', { hasText: 'Another' });
    await others.nth(1).waitFor();
    assert.equal(await others.count(), 2);
    await others.first().getByRole('button', { name: 'End' }).click();
    await here.getByText('Ended.').waitFor();
    await others.nth(1).waitFor({ state: 'detached' });
    assert.equal(await here.evaluate(() => document.activeElement?.id), 'mine-heading');
    await here.getByRole('button', { name: 'End all others' }).click();
    await others.first().waitFor({ state: 'detached' });
    assert.match(await here.locator('#mine').innerText(), /^This browser: since [^\n]+$/);
    assert.equal(await here.locator('#end-others').isVisible(), false);
    for (const page of [there, elsewhere]) {
      await page.reload();
      await page.getByText('You are not logged in.').waitFor();
    }
  });
});

describe('the homework', { skip: noBrowser, concurrency: 2 }, () => {
  test('is set, says how it is checked, and keeps the solution closed', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=form`);
    expectErrors(/status of 503/); // there is no database
    await page.getByRole('heading', { name: 'Your task' }).waitFor();
    await page
      .getByText('npm run homework -- http://127.0.0.1:5000 --taken admin', { exact: true })
      .waitFor();
    assert.equal(await page.locator('#uname').isVisible(), false);
    await page.getByText('A solution, to compare').click();
    await page.locator('#uname').waitFor();
  });

  test('is set in Chinese', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=form`, { locale: 'zh-CN' });
    expectErrors(/status of 503/);
    await page.getByRole('heading', { name: '你的任务' }).waitFor();
    await page.getByText('--taken admin --lang zh').waitFor();
    await page.getByText('一份参考答案，供对照').waitFor();
  });
});
