/**
 * The frame around the lessons, when something fails: a part, its script, what it needs.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { arriveAt, hold, linkTo, moveTo } from '../support/parts.ts';

describe('the frame, when something fails', { skip: noBrowser, concurrency: 3 }, () => {
  test('says that there is no such lesson', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=spa`);
    expectErrors(/status of (404|503)/); // no database is needed for this
    await arriveAt(page, 'One page');
    await page.goto(`${url}/?part=nosuch`);
    await page.getByText('There is no such lesson.').waitFor();
    assert.equal(await page.title(), 'Sessions and AJAX, live');
    await page.getByRole('link', { name: 'To the first lesson' }).click();
    await arriveAt(page, 'One request');
  });

  test('says which lessons have nothing to ask when their endpoints are off', async (t) => {
    const { url } = await startApp(t, { config: { lab: false } });
    const { page, expectErrors } = await openPage(t, `${url}/?part=sync`);
    expectErrors(/status of 404/);
    await page.getByText('The server runs with LAB=off, as it does in production').waitFor();
    await page.locator('summary', { hasText: 'static/js/parts/sync.js' }).click();
    await page.getByText('The server runs with LAB=off, and so shows no files.').waitFor();
    await moveTo(page, 'Session');
    assert.equal(await page.getByText('LAB=off').count(), 0);
  });

  test('says that the server does not answer, and tries again', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=spa`);
    expectErrors(/Failed to load resource/);
    await arriveAt(page, 'One page');
    await page.route('**/parts/cookie.html', (route) => route.abort(), { times: 1 });
    await linkTo(page, 'Cookie or session').click();
    await page.getByText('The server does not answer.').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('服务器没有响应。').waitFor();
    await page.getByRole('button', { name: '再试一次' }).click();
    await arriveAt(page, 'Cookie 与会话');
  });

  test('says so when something else answers than the lesson, such as a login page', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`);
    await arriveAt(page, 'One page');
    for (const body of ['<!doctype html><title>Log in</title><form><input></form>', '']) {
      await page.route('**/parts/cookie.html', (route) => route.fulfill({ body }), { times: 1 });
      await linkTo(page, 'Cookie or session').click();
      await page.getByText('The server could not deliver this lesson (200).').waitFor();
      await page.getByRole('button', { name: 'Try again' }).click();
      await arriveAt(page, 'Cookie or session');
      await moveTo(page, 'One page');
    }
  });

  test('says that a script is missing, and a new page tries again', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=spa`);
    expectErrors(/Failed to/);
    await arriveAt(page, 'One page');
    await page.route('**/js/parts/cookie.js', (route) => route.abort());
    await linkTo(page, 'Cookie or session').click();
    await page.getByText('The script of this lesson could not be loaded.').waitFor();
    await page.unroute('**/js/parts/cookie.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForFunction(() => document.querySelector('#document-cookie')?.textContent);
  });

  test('never lets the browser send the form of a part that was left', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=form#solution`);
    expectErrors(/status of 503/); // there is no database
    await page.locator('main[aria-busy="false"]').waitFor();
    const release = await hold(page, '**/parts/spa.html');
    await linkTo(page, 'One page').click();
    await page.locator('#login-upwd').fill('a secret');
    await page.locator('#login-upwd').press('Enter');
    release();
    await arriveAt(page, 'One page');
    assert.equal(page.url(), `${url}/?part=spa`);
  });

  test('shows a part only when its script is there to hear a press', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`);
    await arriveAt(page, 'One page');
    const release = await hold(page, '**/js/parts/cookie.js');
    const loaded = page.waitForResponse('**/parts/cookie.html');
    await linkTo(page, 'Cookie or session').click();
    await (await loaded).finished();
    assert.equal(await page.locator('h1').innerText(), 'One page');
    release();
    await page.getByRole('button', { name: 'Read it without the key' }).click();
    await page.getByText('{"level":"user"}', { exact: true }).waitFor();
  });
});
