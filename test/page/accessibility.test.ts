/**
 * What shuts people out, found by axe-core (WCAG 2.2 A and AA), on every part, light and dark; and
 * the page's width on a small telephone.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PARTS = [
  ...readFileSync(join(STATIC_FOLDER, 'index.html'), 'utf8').matchAll(
    /<a href="(\/(?:\?part=\w+)?)">/g,
  ),
].map(([, path = '']) => path);

interface Finding {
  id: string;
  nodes: { html: string }[];
}

/** @param runOnly rules or groups of rules */
async function findings(page: Page, runOnly: readonly string[]): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    const { axe } = window as unknown as {
      axe: { run(c: Document, o: object): Promise<{ violations: Finding[] }> };
    }; // put there by the line above
    return (await axe.run(document, { runOnly: rules })).violations;
  }, runOnly);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('the list of parts is read from the page', () => {
  assert.equal(PARTS.length, 14);
});

describe('every part', { skip: noDatabaseProgram || noBrowser, concurrency: 3 }, () => {
  for (const path of PARTS) {
    test(`${path} shuts nobody out: axe finds nothing, it fits 320 px`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const { page } = await openPage(t, url + path);
      await page.locator('main[aria-busy="false"] .sources').waitFor();
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      assert.deepEqual(await findings(page, WCAG), []);
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await findings(page, ['color-contrast']), []);
      await page.setViewportSize({ width: 320, height: 640 });
      for (const language of ['English', '中文']) {
        await page.getByRole('button', { name: language }).click();
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        assert.ok(tooWide <= 0, `${tooWide} px too wide in ${language}`);
      }
    });
  }
});
