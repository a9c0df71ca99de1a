/**
 * A real browser for a test: Chromium, driven by playwright-core. Every page is watched: an error
 * on its console or a refusal by its Content-Security-Policy fails the test.
 */
import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { atEnd } from './at-end.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

if (process.env.CHROMIUM && chromiumPath === undefined)
  throw new Error(`CHROMIUM is not there: ${process.env.CHROMIUM}`);

/**
 * Why browser tests are skipped, or `false` when there is a browser. Under CI nothing is skipped:
 * there, a missing browser is a failure.
 */
export const noBrowser: string | false =
  chromiumPath === undefined &&
  'no Chromium: apt-get install -y chromium-headless-shell, or set CHROMIUM to its path';
if (noBrowser && process.env.CI) throw new Error(noBrowser);

let shared: Promise<Browser> | undefined;
after(async () => {
  await (await shared)?.close();
});

/** The one browser of this process, closed when its tests are over. */
export function launch(): Promise<Browser> {
  shared ??= launchChromium();
  return shared;
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors that the test brings about on purpose: a console line that matches is expected. */
  expectErrors(pattern: RegExp): void;
}

/**
 * Opens a page in a browser profile of its own (no cookies, no storage), closed when the test ends.
 * @param url the address to open
 * @param options the browser's language, colours and size; English, light and wide if left out
 */
export async function openPage(
  t: TestContext,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const watched = await openBlank(t, options);
  await watched.page.goto(url);
  return watched;
}

/** The same, but nothing is opened yet: for tests that prepare the browser first. */
export async function openBlank(
  t: TestContext,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const browser = await launch();
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  const expected: RegExp[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  atEnd(t, async () => {
    await context.close();
    const surprises = errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(surprises, [], 'errors on the console');
  });
  return { page, expectErrors: (pattern) => void expected.push(pattern) };
}
