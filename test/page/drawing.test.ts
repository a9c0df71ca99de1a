/**
 * The drawing: the message that is really under way, the bytes that it has, and what the server is
 * known to hold.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { sendForm } from '../support/http.ts';
import { hold } from '../support/parts.ts';

const CALM = { reducedMotion: 'reduce' } as const;
const chips = (page: Page) => page.locator('.chips .chip');
const bytes = (page: Page) => page.locator('.bytes').innerText();

async function openWithDatabase(t: Parameters<typeof openPage>[0], part = '', options = {}) {
  const { url } = await startApp(t, { database: await testDatabase() });
  const watched = await openPage(t, `${url}/${part}`, options);
  await watched.page.locator('main[aria-busy="false"]').waitFor();
  return watched;
}

describe('the drawing', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  test('shows request, question, row and answer, each with its bytes', async (t) => {
    const { page } = await openWithDatabase(t, '', CALM);
    await page.locator('.sources summary').first().click();
    await page.locator('.sources details[open] .comment').first().waitFor();
    await page.getByText('Nothing is under way yet.').waitFor(); // that was no request of the lesson
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.good').waitFor();
    const expected: [chip: string, bytes: RegExp][] = [
      ['.request', /^GET \/check-uname\?uname=admin HTTP\/1\.1\nHost: /],
      ['.query', /^SELECT uname FROM users WHERE uname IN \(\?\)\n\n\(A prepared statement/],
      ['.row', /^rows: 1$/],
      ['.good', /^HTTP\/1\.1 200 OK\n(?:.+\n)+\n\{"uname":"admin","exists":true\}$/],
    ];
    assert.equal(await chips(page).count(), expected.length);
    for (const [chip, text] of expected) {
      await page.locator(chip).focus();
      await page.keyboard.press('Enter');
      assert.match(await bytes(page), text);
      assert.equal(await page.locator(chip).getAttribute('aria-pressed'), 'true');
    }
    await page.getByText(/: 200, in fact after [\d.]+ ms/).waitFor();
  });

  test('says in Chinese that a free name has no row', async (t) => {
    const { page } = await openWithDatabase(t, '', { ...CALM, locale: 'zh-CN' });
    await page.locator('#uname').fill('还没有人');
    await page.locator('#uname').blur();
    await page.locator('.chip.row', { hasText: '0 行' }).waitFor();
    await page.getByText(/：200，实际用时/).waitFor();
  });

  test('has no answer come back before it has really come', async (t) => {
    const { page } = await openWithDatabase(t, '', CALM);
    const release = await hold(page, '**/check-uname*');
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.request').waitFor();
    await page.getByText('Checking…').waitFor();
    assert.equal(await chips(page).count(), 1);
    release();
    await page.locator('.chip.good').waitFor();
  });

  test('shows the newest request only, however late the answer to another comes', async (t) => {
    const { page } = await openWithDatabase(t, '', CALM);
    const release = await hold(page, '**/check-uname?uname=admin');
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.request', { hasText: 'admin' }).waitFor();
    await page.getByRole('button', { name: 'laowang' }).click();
    await page.locator('.chip.good', { hasText: 'laowang' }).waitFor();
    const answered = page.waitForResponse(/uname=admin/);
    release();
    await (await answered).finished();
    await page.evaluate(() => import(`${'/static/js/lib'}/time.js?later`));
    assert.equal(await page.locator('.chip', { hasText: 'admin' }).count(), 0);
    assert.equal(await chips(page).count(), 4);
  });

  test('lets a message travel, slower when asked, and not where no motion is wanted', async (t) => {
    const { page } = await openWithDatabase(t);
    await page.evaluate(() => {
      const { animate } = Element.prototype;
      Element.prototype.animate = function (frames, options) {
        document.body.dataset.ms = String(Object(options).duration);
        return animate.call(this, frames, options);
      };
    });
    const duration = () => page.locator('body').getAttribute('data-ms');
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.request', { hasText: 'admin' }).waitFor();
    assert.equal(await duration(), '450');
    await page.getByLabel('In slow motion').check();
    await page.getByRole('button', { name: 'laowang' }).click();
    await page.locator('.chip.request', { hasText: 'laowang' }).waitFor();
    assert.equal(await duration(), '1800');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('button', { name: '王小明' }).click();
    await page.locator('.chip.request', { hasText: '%E7%8E' }).waitFor();
    assert.equal(await duration(), '0');
  });

  test('shows a request without an answer, and one that the database did not answer', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, url, CALM);
    expectErrors(/Failed to load resource/);
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.bad', { hasText: '503' }).waitFor();
    assert.equal(await page.locator('.chip.query').count(), 0, 'the server says of none');
    await page.route('**/check-uname*', (route) => route.abort());
    await page.getByRole('button', { name: 'laowang' }).click();
    await page.getByText(/laowang: no answer after/).waitFor();
    assert.equal(await chips(page).count(), 1);
  });

  test('shows two browsers and their two spaces', async (t) => {
    const { page } = await openWithDatabase(t, '?part=session', CALM);
    const own = page.locator('.spaces .own');
    await page.getByText('no session of this browser').waitFor();
    await page.getByRole('button', { name: 'session[key] = value' }).click();
    await own.filter({ hasText: 'sid → {"colour":"green"}' }).waitFor();
    await page.getByRole('button', { name: 'Set it from another browser' }).click();
    await page.locator('.spaces .others', { hasText: 'sid → {"colour":"blue"}' }).waitFor();
    assert.equal(await own.textContent(), 'sid → {"colour":"green"}');
    await page.getByText('Another browser has a space of its own now.').waitFor();
    await page.locator('#data tbody').getByText('green').waitFor();
  });

  test('knows of a login that another request has overtaken in the drawing', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    await sendForm(`${url}/register`, { uname: 'hasty', upwd: '12345678', nickname: 'Hasty' });
    const { page } = await openPage(t, `${url}/?part=form#solution`);
    await page.locator('main[aria-busy="false"]').waitFor();
    await page.getByLabel('In slow motion').check();
    await page.locator('#login-uname').fill('hasty');
    await page.locator('#login-upwd').fill('12345678');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('You are logged in: Hasty').waitFor();
    await page.getByRole('button', { name: 'admin', exact: true }).first().click();
    await page.locator('#uname-message').filter({ hasText: /taken/ }).waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByText(/admin: 200, in fact after/).waitFor();
    assert.equal(await page.locator('.spaces .own').innerHTML(), 'sid → {"user":"hasty"}');
  });

  test('tells a focused message from a pressed one', async (t) => {
    const { page } = await openWithDatabase(t, '', CALM);
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.good').waitFor();
    assert.equal(await page.locator('.chip[aria-pressed="false"]').count(), 4);
    await page.locator('.chip.query').click();
    await page.locator('.chip.query').focus();
    await page.keyboard.press('Tab');
    const look = (chip: string) =>
      page.locator(chip).evaluate((element) =>
        [element.querySelector('rect'), element.querySelector('text')].map((shape) => {
          const { strokeWidth, fontWeight, textDecorationLine } = getComputedStyle(
            shape ?? element,
          );
          return [strokeWidth, fontWeight, textDecorationLine].join();
        }),
      );
    const [pressed, focused] = [await look('.chip.query'), await look('.chip.row')];
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('class')),
      'chip row',
    );
    assert.notDeepEqual(pressed, focused);
    await page.getByRole('region', { name: 'The message, byte by byte' }).waitFor();
  });

  test('tells of no password', async (t) => {
    const { page, expectErrors } = await openWithDatabase(t, '?part=form#solution', CALM);
    expectErrors(/status of 401/);
    await page.locator('#login-uname').fill('admin');
    await page.locator('#login-upwd').fill('a secret of mine');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.chip.bad').waitFor();
    await page.locator('.chip.request').click();
    assert.match(await bytes(page), /uname=admin&upwd=…/);
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    assert.ok(!html.includes('secret'));
  });

  test('goes along from part to part, and forgets what it showed', async (t) => {
    const { page } = await openWithDatabase(t, '', CALM);
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.chip.good').waitFor();
    await page.getByRole('link', { name: 'createXhr', exact: true }).click();
    await page.locator('main[aria-busy="false"] #answer').waitFor();
    assert.equal(await page.locator('.drawing').count(), 0);
    await page.getByRole('link', { name: 'The return trap', exact: true }).click();
    await page.getByText('Nothing is under way yet.').waitFor();
    assert.equal(await chips(page).count(), 0);
    await page.locator('#guess-call').getByRole('radio').first().check();
    await page.locator('#run-call').click();
    await page.locator('.chip.good', { hasText: '200 Hello, Ada!' }).waitFor();
  });

  test('switches its language wherever it is, and that of the bytes that it shows', async (t) => {
    const { page } = await openWithDatabase(t, '?part=session', CALM);
    await page.getByRole('button', { name: 'session[key] = value' }).click();
    await page.locator('.spaces .own', { hasText: 'colour' }).waitFor();
    await page.getByRole('button', { name: 'session.get(key)' }).click();
    await page.locator('.chip.good', { hasText: '200 ' }).waitFor();
    await page.locator('.chip.request').click();
    await page.locator('.bytes').getByText('(The browser adds its cookie').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.bytes').getByText('（浏览器会自动加上 Cookie').waitFor();
    await page.getByRole('group', { name: '浏览器、服务器与数据库' }).waitFor();
    await page.getByRole('link', { name: 'createXhr', exact: true }).click();
    await page.locator('main[aria-busy="false"] #answer').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('link', { name: 'One request', exact: true }).click();
    await page.getByText('Nothing is under way yet.').waitFor();
    await page.getByRole('group', { name: 'Browser, server and database' }).waitFor();
  });
});
