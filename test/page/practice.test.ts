/**
 * «Now you» as a reader uses it: to write, to have it checked, to see what went wrong, to come back.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { EXERCISES } from '../../static/js/parts/practice/exercises.js';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { arriveAt, linkTo } from '../support/parts.ts';

const box = (page: Page) => page.getByRole('textbox', { name: 'Your program' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Has a program checked, and waits for what is said in the end. */
async function check(page: Page, program: string): Promise<string> {
  await box(page).fill(program);
  await button(page, 'Check').click();
  await page.locator('#outcome:not([data-verdict="wait"])', { hasText: /hold/ }).waitFor();
  return page.locator('#outcome').innerText();
}

function solutionOf(wanted: string): string {
  return EXERCISES.find(({ name }) => name === wanted)?.solution ?? '';
}

describe('now you', { skip: noBrowser, concurrency: 3 }, () => {
  test('says which behaviours hold, and shows the calls of one that does not, in order', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice&step=get`);
    await arriveAt(page, 'Now you');
    const program = solutionOf('get').replace("'/01-server", "'/02-server");
    assert.equal(await check(page, program), '4 of 5 hold.');
    const failed = page.locator('.verdicts > [data-verdict="bad"]');
    assert.match(await failed.innerText(), /expected\s+"GET \/01-server\?name=Ada"/);
    assert.deepEqual(await failed.locator('.calls li').allInnerTexts(), [
      'new XMLHttpRequest()',
      'open("get", "/02-server?name=Ada", true)',
      'readyState 1',
      'send(null)',
    ]);
    assert.equal(await check(page, 'function ask( {'), '0 of 5 hold.');
    assert.equal(await failed.count(), 1);
    assert.match(await failed.innerText(), /^Line 1 cannot be read:\s+SyntaxError/);
    const early = solutionOf('get').replace(
      '  xhr.open',
      "  xhr.setRequestHeader('a', 'b');\n  xhr.open",
    );
    assert.equal(await check(page, early), '0 of 5 hold.');
    assert.match(
      await failed.first().innerText(),
      /setRequestHeader belongs between open and send/,
    );
    assert.equal(await check(page, ''), '0 of 5 hold.');
    assert.match(await failed.first().innerText(), /There is no function ask/);
  });

  test('says in words what happened, whatever the program does', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice&step=get`);
    await arriveAt(page, 'Now you');
    const right = solutionOf('get');
    const told: [program: string, says: RegExp][] = [
      [right.replace('show(xhr.responseText)', ''), /show was never called\./],
      [
        right.replace('onready', 'onReady'),
        /xhr has no onReadystatechange; did you mean onreadystatechange\?/,
      ],
      [right.replace("'get', ", '“get”, '), /Line 3 cannot be read:.*“” is full-width/],
      [right.replace('xhr.send(null);', 'xhr.send（null）；'), /Line 7 .*（）； is full-width/],
      ['function ask() {}', /No request was opened\./],
      ['function ask() { throw Object.create(null); }', /The program threw\s+an object/],
      [
        `const { push } = Array.prototype;
        Array.prototype.push = function (it) { return push.call(this, null, {}, it); };
        ${right.replace("'/01", "'/02")}`,
        /No request was opened.*readyState 1/,
      ],
      ["function ask() { JSON.parse('{'); }", /The program threw\s+SyntaxError/],
    ];
    for (const [program, says] of told) {
      await check(page, program);
      const text = await page.locator('.verdicts').innerText();
      assert.match(text.replaceAll('\n', ' '), says);
      assert.doesNotMatch(text, /undefined|did not end/);
    }
    await check(page, 'function ask（) {}');
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.verdicts', { hasText: /第 1 行.*全角/ }).waitFor();
  });

  test('gives a hint on demand, the solution after two tries, and a fresh start', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice&step=encode`);
    await arriveAt(page, 'Now you');
    const start = await box(page).inputValue();
    await button(page, 'Hint').click();
    await page.locator('#hint', { hasText: 'encodeURIComponent' }).waitFor();
    await check(page, `${start}// one`);
    assert.equal(await button(page, 'Solution').isVisible(), false);
    await check(page, `${start}// two`);
    await button(page, 'Solution').click();
    assert.equal(await page.locator('#solution').innerText(), solutionOf('encode'));
    await button(page, 'Start again').click();
    assert.equal(await box(page).inputValue(), start);
    assert.equal(await page.locator('.verdicts li').count(), 0);
  });

  test('keeps what is done in the session, and what was written in the browser', async (t) => {
    const { url, lines } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    await arriveAt(page, 'Now you');
    await page.locator('nav .count', { hasText: '0/10' }).waitFor();
    assert.deepEqual(await page.context().cookies(), [], 'to look makes no session');
    assert.match(await check(page, `${solutionOf('xhr')}// mine\n`), /^All of it holds/);
    await page.locator('#kept', { hasText: '→ "xhr"' }).waitFor();
    await page.getByRole('link', { name: 'The check on blur' }).click();
    await page.locator('h2', { hasText: 'The check on blur' }).waitFor();
    assert.match(await check(page, solutionOf('blur')), /^All of it holds/);
    await page.locator('#kept', { hasText: '→ "xhr blur"' }).waitFor();
    assert.equal(lines.filter((line) => line.startsWith('PUT')).length, 2);
    await page.goto(`${url}/?part=practice`);
    await page.locator('nav .count', { hasText: '2/10' }).waitFor();
    assert.deepEqual(await page.locator('.steps [data-verdict="good"]').allInnerTexts(), [
      'createXhr (done)',
      'The check on blur (done)',
    ]);
    assert.match(await box(page).inputValue(), /\/\/ mine\n$/);
    assert.match(await linkTo(page, 'Now you 2/10').innerText(), /2\/10/);
  });

  test('knows what was done when the session is gone, as after a restart of the server', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    await arriveAt(page, 'Now you');
    await check(page, solutionOf('xhr'));
    await page.locator('#kept', { hasText: '→ "xhr"' }).waitFor();
    await page.context().clearCookies();
    await page.reload();
    await page.locator('#kept', { hasText: '→ None' }).waitFor();
    await page.locator('nav .count', { hasText: '1/10' }).waitFor();
    assert.match(await page.locator('.steps [data-verdict]').innerText(), /createXhr/);
    await page.getByRole('link', { name: 'The check on blur' }).click();
    await page.locator('h2', { hasText: 'The check on blur' }).waitFor();
    await check(page, solutionOf('blur'));
    await page.locator('#kept', { hasText: '→ "xhr blur"' }).waitFor();
  });

  test('loses nothing of what another tab does meanwhile', async (t) => {
    const { url } = await startApp(t);
    const { page: one } = await openPage(t, `${url}/?part=practice&step=xhr`);
    const two = await one.context().newPage();
    await two.goto(`${url}/?part=practice&step=get`);
    for (const page of [one, two]) await page.locator('#kept', { hasText: '→ None' }).waitFor();
    await check(one, solutionOf('xhr'));
    await one.locator('#kept', { hasText: '→ "xhr"' }).waitFor();
    await two.locator('nav .count', { hasText: '1/10' }).waitFor();
    await check(two, solutionOf('get'));
    await two.locator('#kept', { hasText: /→ "(xhr get|get xhr)"/ }).waitFor();
    await one.locator('nav .count', { hasText: '2/10' }).waitFor();
    // One exercise in both: what is typed in one stands in the other, too.
    await two.goto(`${url}/?part=practice&step=xhr`);
    await arriveAt(two, 'Now you');
    await box(one).fill('// one');
    await two.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('#program')?.value === '// one',
    );
    await box(two).press('End');
    await box(two).pressSequentially(', two');
    await one.reload();
    await arriveAt(one, 'Now you');
    assert.equal(await box(one).inputValue(), '// one, two');
  });

  test('indents by Tab, and lets Tab leave after Escape', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    await arriveAt(page, 'Now you');
    await box(page).fill('one\ntwo');
    for (const from of [0, 1]) {
      await box(page).evaluate(
        (area: HTMLTextAreaElement, start) => area.setSelectionRange(start, 'one\ntwo'.length),
        from,
      );
      await page.keyboard.press('Tab');
      assert.equal(await box(page).inputValue(), '  one\n  two');
      await page.keyboard.press('Shift+Tab');
      assert.equal(await box(page).inputValue(), 'one\ntwo');
    }
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    await page.keyboard.type('x');
    assert.equal(await box(page).inputValue(), 'one\ntwo  x');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'check');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    assert.notEqual(await page.evaluate(() => document.activeElement?.id), 'program');
  });

  test('speaks Chinese to a Chinese reader', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice&step=stale`, { locale: 'zh-CN' });
    await arriveAt(page, '轮到你了');
    await button(page, '检查').click();
    await page.locator('#outcome', { hasText: '5 项中有 2 项成立。' }).waitFor();
    assert.match(await page.locator('.verdicts').innerText(), /最后一个用户名的响应会显示/);
  });
});
