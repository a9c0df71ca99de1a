/**
 * Code on the page: the very text of the file, coloured; the lines that have just run lit up; a
 * button that copies.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

const LESSONS = join(STATIC_FOLDER, 'js/lessons');

test('a lesson is short, imports nothing, and is shown by its part before all else', () => {
  for (const name of readdirSync(LESSONS, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const text = readFileSync(join(LESSONS, name), 'utf8');
    assert.ok(text.split('\n').length <= 41, `${name}: at most 40 lines`);
    assert.doesNotMatch(text, /\bimport\b|@ts-|@param/, name);
  }
  const parts = readdirSync(join(STATIC_FOLDER, 'parts')).map((name) => `parts/${name}`);
  for (const part of [...parts, 'index.html']) {
    const html = readFileSync(join(STATIC_FOLDER, part), 'utf8');
    const [, file] = /data-lines="([^"]+)"/.exec(html) ?? [];
    if (!file?.includes('/lessons/')) continue;
    assert.ok(existsSync(join(STATIC_FOLDER, '..', file)), `${part}: ${file}`);
    assert.ok(html.includes(`data-sources="${file} `), `${part} names ${file} first`);
  }
});

test('every script but a lesson is read by the type checker', () => {
  const folder = join(STATIC_FOLDER, 'js');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js') || name === 'common.js' || name.startsWith('lessons')) continue;
    assert.match(readFileSync(join(folder, name), 'utf8'), /^\/\/ @ts-check\n/, name);
  }
});

describe('the code beside a part', { skip: noBrowser || noDatabaseProgram }, () => {
  test('is the file’s own, coloured, and lights up what ran', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, url, { reducedMotion: 'reduce' });
    await page.locator('main[aria-busy="false"]').waitFor();
    const pre = page.locator('.lines pre');
    await pre.locator('.keyword', { hasText: 'function' }).first().waitFor();
    const file = readFileSync(join(LESSONS, 'name-check.js'), 'utf8');
    assert.equal(await pre.textContent(), file.trimEnd());
    assert.equal(await pre.locator('.string').first().innerText(), "'blur'");
    assert.equal(await page.locator('.line.lit').count(), 0);
    const failed = page.locator('.line.lit', { hasText: "show('failed', xhr.status)" });
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.line.lit', { hasText: 'parse(xhr.responseText)' }).waitFor();
    assert.equal(await failed.count(), 0);
    expectErrors(/status of 500/);
    await page.route('**/check-uname*', (route) => route.fulfill({ status: 500 }));
    await page.getByRole('button', { name: 'laowang' }).click();
    await failed.waitFor();
  });

  test('can be copied, and the whole file below', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=xhr`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const common = readFileSync(join(STATIC_FOLDER, 'js/common.js'), 'utf8');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.locator('.lines .line').first().waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await copied(), common.trimEnd());
    await page.locator('summary', { hasText: 'static/js/common.js' }).click();
    await page.locator('details[open] .comment').first().waitFor();
    await page.locator('details[open] .copy').click();
    await page.locator('details[open]').getByText('Copied').waitFor();
    assert.equal(await copied(), common);
  });

  test('is selected where the page may not copy', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=xhr`);
    await page.locator('.lines .line').first().waitFor();
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Selected' }).waitFor();
    assert.match(await page.evaluate(() => String(getSelection())), /function createXhr/);
  });
});
