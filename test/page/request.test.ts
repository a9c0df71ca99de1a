import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();
const outcome = (page: Page, pattern: RegExp) =>
  page.locator('#outcome').getByText(pattern).filter({ visible: true }).first().waitFor();

/** The table of steps: ms, readyState, status, characters. */
async function steps(page: Page): Promise<string[][]> {
  const rows = await page.locator('#steps tr').allInnerTexts();
  return rows.map((row) => row.split('\t').map((cell) => cell.trim()));
}

describe('the life of a request', { skip: noBrowser, concurrency: 3 }, () => {
  test('takes a GET from 0 to 4, with what went out and what came back', async (t) => {
    const { url, port } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`);
    await press(page, 'GET /01-server');
    await outcome(page, /^Over, by the event “load”: status 200, 21 characters\.$/);
    const [zero, one, two, three, four] = await steps(page);
    assert.deepEqual(zero?.slice(1), ['0', '0', '0']);
    assert.match(zero?.[0] ?? '', /^\d\.\d$/, 'the first ms are told apart');
    assert.deepEqual(one?.slice(1), ['1', '0', '0']);
    assert.deepEqual(two?.slice(1), ['2', '200', '0']);
    assert.deepEqual(three?.slice(1), ['3', '200', '21']);
    assert.deepEqual(four?.slice(1), ['4', '200', '21']);
    assert.equal(
      await text(page, 'request'),
      `GET /01-server?name=Ada%20%26%20Charles HTTP/1.1\nHost: 127.0.0.1:${port}`,
    );
    assert.match(await text(page, 'head'), /^HTTP\/1\.1 200 OK\n/);
    assert.match(await text(page, 'head'), /\ncontent-type: text\/plain; charset=utf-8\n/);
    assert.equal(await text(page, 'body'), 'Hello, Ada & Charles!');
    const frames = await page.locator('#timeline').evaluate(async (svg) => {
      const before = svg.innerHTML;
      for (let count = 0; count < 5; count += 1) await new Promise(requestAnimationFrame);
      return [before, svg.innerHTML];
    });
    assert.equal(frames[0], frames[1], 'what is over stands still');
  });

  test('gives the request up when the next one is sent', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`);
    await press(page, 'GET /lab/drip');
    await page.locator('#steps [data-state="2"]').waitFor();
    const givenUp = page.waitForEvent('requestfailed');
    await press(page, 'GET /01-server');
    assert.match((await givenUp).url(), /drip/);
    await outcome(page, /status 200, 21 characters/);
  });

  test('draws the steps, and tells them to those who cannot see', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`, { reducedMotion: 'reduce' });
    await press(page, 'GET /01-server');
    await outcome(page, /load/);
    assert.equal(await page.locator('#timeline circle').count(), 5);
    await page
      .getByRole('img', { name: /^state 0 after \S+ ms, state 1 after .+ state 4 after \S+ ms$/ })
      .waitFor();
  });

  test('sends the name of a POST in its body', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`);
    await page.getByRole('textbox', { name: 'Name' }).fill('a&b=c');
    await press(page, 'POST /02-server');
    await outcome(page, /status 200/);
    const [first, , type, , body] = (await text(page, 'request')).split('\n');
    assert.equal(first, 'POST /02-server HTTP/1.1');
    assert.equal(type, 'Content-Type: application/x-www-form-urlencoded');
    assert.equal(body, 'name=a%26b%3Dc&lang=en');
    assert.equal(await text(page, 'body'), '{"name":"a&b=c","lang":"en"}');
  });

  test('repeats state 3 while the bar grows', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`);
    await press(page, 'GET /lab/drip');
    await page.waitForFunction(() => {
      const bar = document.querySelector('progress');
      return bar && bar.value > 0 && bar.value < 1;
    });
    await outcome(page, /12288 characters/);
    assert.equal(await page.locator('progress').evaluate((bar) => Reflect.get(bar, 'value')), 1);
    assert.equal(await text(page, 'bar-text'), '100 %, 12288 bytes');
    const states = (await steps(page)).map(([, state]) => state);
    assert.deepEqual([states[0], states[1], states[2], states[4]], ['0', '1', '2', '4']);
    assert.match(states[3] ?? '', /^3 × \d+$/);
    assert.match(await text(page, 'body'), /^piece 1 of 12 \.+… \(1023\)\npiece 2/);
  });

  test('has all of the server’s work between 1 and 2, and ends in 4 when given up', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`, { locale: 'zh-CN' });
    await press(page, 'GET /lab/slow');
    await outcome(page, /^结束，由“load”事件告知：status 为 200/);
    const [, one, two] = await steps(page);
    assert.ok(Number(two?.[0]) - Number(one?.[0]) >= 1400, `${one} ${two}`);
    await press(page, 'GET /lab/slow');
    await outcome(page, /^进行中/);
    await press(page, 'abort()');
    await outcome(page, /^结束，由“abort”事件告知：status 为 0/);
    assert.equal(await text(page, 'head'), '');
    assert.deepEqual(
      (await steps(page)).map(([, state]) => state),
      ['0', '1', '4'],
    );
  });

  test('gives the request up when the reader leaves', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=request`);
    await press(page, 'GET /lab/drip');
    await page.locator('#steps [data-state="2"]').waitFor();
    const givenUp = page.waitForEvent('requestfailed');
    await page
      .getByRole('navigation')
      .getByRole('link', { name: 'createXhr', exact: true })
      .click();
    assert.match((await givenUp).url(), /drip/);
    await page.locator('main[aria-busy="false"] h1', { hasText: 'createXhr' }).waitFor();
  });
});
