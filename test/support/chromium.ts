/**
 * Where Chromium is on this machine, and how it is started for a test.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const WANTED = process.env.CHROMIUM;
const CANDIDATES =
  WANTED === undefined || WANTED === ''
    ? [
        // Without a window to draw, it takes half the time of the whole browser.
        '/usr/bin/chromium-headless-shell',
        '/usr/bin/chromium',
        '/usr/bin/chromium-browser',
        '/usr/bin/google-chrome',
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
        'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
      ]
    : [WANTED];

/** The path of the browser, `undefined` when there is none; `CHROMIUM` names one. */
export const chromiumPath: string | undefined = CANDIDATES.find((path) => existsSync(path));

/**
 * Starts Chromium without a window; the caller closes it.
 * @param options `hasScrollBars`: they take room, as on Windows and Linux; if left out, they are hidden
 */
export function launchChromium({ hasScrollBars = false } = {}): Promise<Browser> {
  return chromium.launch({
    ignoreDefaultArgs: hasScrollBars ? ['--hide-scrollbars'] : [],
    executablePath: chromiumPath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // All pages in one process: to start one for each takes a twelfth of the time.
      '--renderer-process-limit=1',
    ],
  });
}
