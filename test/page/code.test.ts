/**
 * Code on the page: the very text of the file, coloured; the lines that have just run lit up; a
 * button that copies.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

test('every function that a part names for its lines is in the file it names', () => {
  const parts = readdirSync(join(STATIC_FOLDER, 'parts')).map((name) => `parts/${name}`);
  for (const part of [...parts, 'index.html']) {
    const html = readFileSync(join(STATIC_FOLDER, part), 'utf8');
    const [, lines = ''] = /data-lines="([^"]+)"/.exec(html) ?? [];
    const [file, ...names] = lines.split(' ');
    if (!file) continue;
    const text = readFileSync(join(STATIC_FOLDER, '..', file), 'utf8');
    for (const name of names) assert.match(text, new RegExp(`function ${name}\\(`), part);
  }
});

describe('the code beside a part', { skip: noBrowser || noDatabaseProgram }, () => {
  test('is the file’s own, coloured, and lights up what ran', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page, expectErrors } = await openPage(t, url, { reducedMotion: 'reduce' });
    await page.locator('main[aria-busy="false"]').waitFor();
    const pre = page.locator('.lines pre');
    await pre.locator('.keyword', { hasText: 'function' }).first().waitFor();
    const file = readFileSync(join(STATIC_FOLDER, 'js/lib/name-check.js'), 'utf8');
    assert.ok(file.includes((await pre.textContent()) ?? '?'));
    assert.match(await pre.locator('.string').first().innerText(), /^'get'$/);
    assert.equal(await page.locator('.line.lit').count(), 0);
    await page.getByRole('button', { name: 'admin', exact: true }).click();
    await page.locator('.line.lit', { hasText: 'jsonOf(xhr.responseText)' }).waitFor();
    expectErrors(/status of 500/);
    await page.route('**/check-uname*', (route) => route.fulfill({ status: 500 }));
    await page.getByRole('button', { name: 'laowang' }).click();
    await page.locator('.line.lit', { hasText: 'failureOf(xhr.status)' }).waitFor();
    assert.equal(await page.locator('.line.lit', { hasText: 'jsonOf' }).count(), 0);
  });

  test('can be copied, and the whole file below', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openPage(t, `${url}/?part=xhr`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.locator('.lines .line').first().waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.match(await copied(), /^function createXhr\(\) \{\n.+\n\}$/s);
    await page.locator('summary', { hasText: 'static/js/common.js' }).click();
    await page.locator('details[open] .comment').first().waitFor();
    await page.locator('details[open] .copy').click();
    await page.locator('details[open]').getByText('Copied').waitFor();
    assert.equal(await copied(), readFileSync(join(STATIC_FOLDER, 'js/common.js'), 'utf8'));
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
    assert.match(await page.evaluate(() => String(getSelection())), /^function createXhr/);
  });
});
