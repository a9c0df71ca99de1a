import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';

async function keep(page: Page, key: string, value: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Key' }).fill(key);
  await page.getByRole('textbox', { name: 'Value' }).fill(value);
  await page.getByRole('button', { name: 'session[key] = value' }).click();
}

const message = (page: Page, text: string) =>
  page.locator('#session-message').getByText(text, { exact: true }).waitFor();
const held = (page: Page, key: string) => page.locator('#data tbody tr', { hasText: key });

describe('the lesson on the session', { skip: noBrowser, concurrency: 3 }, () => {
  test('keeps, gets and deletes, as in Flask', async (t) => {
    const { url, lines } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=session`);
    await page.getByText('No session cookie: nothing is kept for this browser.').waitFor();
    await keep(page, 'colour', 'a&b=<i>c</i>');
    await message(page, 'session["colour"] = "a&b=<i>c</i>"');
    await held(page, 'colour').getByText('a&b=<i>c</i>', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'session.get(key)' }).click();
    await message(page, 'session.get("colour") → "a&b=<i>c</i>"');
    await page.getByRole('button', { name: 'del session[key]' }).click();
    await message(page, 'del session["colour"]');
    expectErrors(/status of 404/);
    await page.getByRole('button', { name: 'session.get(key)' }).click();
    await message(page, 'session.get("colour") → None: there is no such key (404).');
    await page.getByRole('button', { name: 'del session[key]' }).click();
    await message(page, 'del session["colour"] → KeyError: there is no such key (404).');
    assert.ok(lines.includes('PUT /session/colour 201'));
    await page.getByText('PUT /session/colour value=a%26b%3D%3Ci%3Ec%3C%2Fi%3E').waitFor();
  });

  test('says where sessions live', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`);
    await page.getByText('Sessions live in the memory of this one server process').waitFor();
  });

  test('gives a second browser a space of its own', async (t) => {
    const { url } = await startApp(t);
    const { page: first } = await openPage(t, `${url}/?part=session`);
    const { page: second } = await openPage(t, `${url}/?part=session`);
    await keep(first, 'whose', 'first');
    await held(first, 'whose').getByText('first').waitFor();
    await keep(second, 'whose', 'second');
    await held(second, 'whose').getByText('second').waitFor();
    await first.reload();
    await held(first, 'whose').getByText('first', { exact: true }).waitFor();
  });

  test('shows that no script can see the cookie, which the browser holds', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`);
    await keep(page, 'colour', 'green');
    await page
      .getByText('One cookie, sid (after a login user-sid): a random number and its signature.')
      .waitFor();
    const [cookie] = await page.context().cookies();
    assert.equal(cookie?.name, 'sid');
    assert.equal(await page.locator('#document-cookie').textContent(), '""');
    assert.equal(await page.getByText('This browser accepts no cookies').count(), 0);
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    assert.ok(!text.includes(cookie?.value.slice(0, 20) ?? ''));
  });

  test('counts down without asking the server', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`);
    await keep(page, 'colour', 'green');
    await page.locator('#countdown', { hasText: /^(30:00|29:\d\d)$/ }).waitFor();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const before = await page.locator('#countdown').textContent();
    await page.locator('#countdown', { hasNotText: before ?? '' }).waitFor();
    assert.deepEqual(requests, []);
  });

  test('counts by the server’s clock, however wrong this machine’s is', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openBlank(t);
    await page.addInitScript(() => {
      const { now } = Date;
      Date.now = () => now() + 3_600_000;
    });
    await page.goto(`${url}/?part=session`);
    await keep(page, 'colour', 'green');
    await page.locator('#countdown', { hasText: /^(30:00|29:\d\d)$/ }).waitFor();
  });

  test('lists the last twelve requests, the newest first', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`);
    await keep(page, 'colour', 'green');
    await held(page, 'colour').getByText('green').waitFor(); // its own GET is over
    const wire = page.locator('#wire li');
    for (let count = 0; count < 7; count += 1) {
      const looked = page.waitForResponse(`${url}/session`);
      await page.getByRole('button', { name: 'session.get(key)' }).click();
      await looked;
    }
    await wire
      .first()
      .getByText(/^200 \(/)
      .waitFor();
    const told = (await wire.allInnerTexts()).map((line) => line.split(' ').slice(0, 2).join(' '));
    assert.deepEqual(told, Array(6).fill(['GET /session', 'GET /session/colour']).flat());
  });

  test('rewrites no status that has not changed, so that no screen reader repeats it', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`);
    const status = page.locator('#browser-holds');
    await status.getByText('No session cookie').waitFor();
    await status.evaluate((element) => {
      new MutationObserver(() => element.setAttribute('data-rewritten', 'yes')).observe(element, {
        childList: true,
        subtree: true,
      });
    });
    const looked = page.waitForResponse(`${url}/session`);
    await page.locator('#look').click();
    await (await looked).finished();
    await keep(page, 'colour', ''.padEnd(5000, 'x'));
    await page.getByText('A value has at most 4,096 bytes (400).').waitFor();
    assert.equal(await status.getAttribute('data-rewritten'), null);
    await keep(page, 'colour', 'green');
    await status.getByText('One cookie, sid').waitFor();
    assert.equal(await status.getAttribute('data-rewritten'), 'yes');
  });

  test('says so when the session is over', async (t) => {
    const sessions = { idleMs: 1000, absoluteMs: 60_000, limit: 10 };
    const { url } = await startApp(t, { config: { sessions } });
    const { page } = await openPage(t, `${url}/?part=session`);
    await keep(page, 'colour', 'green');
    await page.getByText('0:00, over, unless another tab has asked.').waitFor();
    await page.locator('#look').click();
    await page.locator('#held').waitFor({ state: 'hidden' });
    await page.getByText('Nothing. A session begins with the first value').waitFor();
  });

  test('refuses a key that breaks the rules before it asks, in Chinese too', async (t) => {
    const { url, lines } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`, { locale: 'zh-CN' });
    for (const key of ['', 'a b', '..', 'x'.repeat(65)]) {
      await page.getByRole('textbox', { name: '键' }).fill(key);
      await page.getByRole('button', { name: 'session[key] = value' }).click();
      await page.getByText('键应为 1–64 个字母').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'key');
    }
    assert.deepEqual(
      lines.filter((line) => line.startsWith('PUT')),
      [],
    );
  });
});
