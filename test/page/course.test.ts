/**
 * The course: its parts in their order, each with a question, numbered, with a way on and a way
 * back, and with a mark once it was done.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { arriveAt } from '../support/parts.ts';

const read = (path: string) => readFileSync(join(STATIC_FOLDER, path), 'utf8');
const CONTENTS = [...read('index.html').matchAll(/<a href="\/(?:\?part=(\w+))?"><span/g)]
  .map(([, name = 'start']) => name)
  .slice(0);

test('every part of the contents has its two files, and no file is left out', () => {
  const files = (folder: string, end: string) =>
    readdirSync(join(STATIC_FOLDER, folder))
      .filter((name) => name.endsWith(end))
      .map((name) => name.slice(0, -end.length))
      .sort();
  const names = [...CONTENTS].sort();
  assert.deepEqual(files('js/parts', '.js'), names);
  assert.deepEqual(
    files('parts', '.html'),
    names.filter((name) => name !== 'start'),
  );
});

for (const name of CONTENTS) {
  test(`the part ${name} opens with a question, in both languages`, () => {
    const html = name === 'start' ? read('index.html') : read(`parts/${name}.html`);
    const questions = [...html.matchAll(/<\/h1>|<p class="question" lang="(\w+)">.*([?？])<\/p>/g)];
    assert.deepEqual(
      questions.slice(0, 3).map(([, lang, sign]) => lang && `${lang} ${sign}`),
      [undefined, 'en ?', 'zh ？'],
    );
  });
}

describe('the course', { skip: noBrowser }, () => {
  test('leads from each part to the next and back, and remembers which were done', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, url);
    expectErrors(/status of 503/); // no database is needed for this
    for (const title of ['Session', 'Cookie or session']) {
      await page.getByRole('link', { name: `Next: ${title}` }).click();
      await arriveAt(page, title);
      assert.equal(await page.evaluate(() => scrollY), 0);
    }
    const done = page.locator('.contents a:has(.done)');
    assert.deepEqual(await done.locator('> [lang="en"]').allInnerTexts(), [
      'One request',
      'Session',
    ]);
    await page.getByRole('link', { name: 'Session done' }).waitFor();
    await page.getByRole('link', { name: 'Back: Session' }).click();
    await arriveAt(page, 'Session');
    await page.reload();
    await arriveAt(page, 'Session');
    assert.equal(await done.count(), 2);
  });

  test('brings the current lesson into sight on a narrow screen', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`, {
      viewport: { width: 320, height: 640 },
    });
    await arriveAt(page, 'One page');
    const box = await page.locator('nav [aria-current="page"]').boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
  });

  test('ends where it began', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=fetch`);
    expectErrors(/status of 503/);
    await page.getByRole('link', { name: 'Done. To the beginning' }).click();
    await arriveAt(page, 'One request');
    await page.getByRole('link', { name: 'After the course done' }).waitFor();
  });

  test('begins at the beginning where an address names no part', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=../page/page`);
    expectErrors(/status of 503/);
    await arriveAt(page, 'One request');
    await page.locator('.contents [aria-current="page"]', { hasText: 'One request' }).waitFor();
  });
});
