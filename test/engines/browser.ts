/** A window in any of the engines: Chromium and Firefox by playwright-core, WebKit by WebDriver. */
import { writeFileSync } from 'node:fs';
import type { Browser as Playwright } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKit } from './webkit.ts';

/** One window with a profile of its own. */
export interface Window {
  open(url: string): Promise<void>;
  back(): Promise<void>;
  /** Runs a function in the page; it uses nothing from outside but its argument. */
  run<A, T>(script: (arg: A) => T | Promise<T>, arg: A): Promise<T>;
  /** The same for a function without an argument, given as text. */
  runText(code: string): Promise<unknown>;
  /** Presses the mouse in the middle of an element, which is scrolled to first. */
  press(selector: string): Promise<void>;
  /** A key by its name, as in `KeyboardEvent.key`. */
  key(name: string): Promise<void>;
  type(text: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  picture(): Promise<Buffer>;
  close(): Promise<void>;
}

export type Engine = 'chromium' | 'firefox' | 'webkit';

/** Opens a browser with one window: in Firefox only the window in front has the focus. */
export async function openWindow(engine: Engine, language: 'en-GB' | 'zh-CN'): Promise<Window> {
  if (engine === 'webkit') return launchWebKit(language);
  const browser = await (engine === 'firefox'
    ? launchFirefox()
    : launchChromium({ hasScrollBars: true }));
  return overPlaywright(browser, language);
}

async function overPlaywright(browser: Playwright, locale: string): Promise<Window> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return {
    open: async (url) => void (await page.goto(url)),
    back: async () => {
      // Playwright's own waits for a load, and a page out of the browser's cache has none.
      await page.evaluate(() => void setTimeout(() => history.back()));
    },
    run: (script, arg) => page.evaluate(`(async () => (${script})(${JSON.stringify(arg)}))()`),
    runText: (code) => page.evaluate(`(${code})()`),
    press: (selector) => page.locator(selector).click(),
    key: (name) => page.keyboard.press(name),
    type: (text) => page.keyboard.type(text),
    resize: (width, height) => page.setViewportSize({ width, height }),
    picture: () => page.screenshot({ caret: 'initial' }),
    close: () => browser.close(),
  };
}

/** Asks the page again and again until it says something but `undefined`, `null`, `false` or ''. */
export async function until<A, T>(
  window: Window,
  script: (arg: A) => T | Promise<T>,
  arg: A,
): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    // While one document goes and the next one comes, no script runs.
    const value = await window.run(script, arg).catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) {
      const path = process.env.ENGINE_PICTURES;
      if (path) writeFileSync(`${path}/${Date.now()}.png`, await window.picture());
      throw new Error(`never: ${script} ${JSON.stringify(arg)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until an element says something, and returns what it says. */
export function says(window: Window, selector: string, text: string): Promise<string> {
  return until(
    window,
    ([one, wanted]) => {
      const said = [...document.querySelectorAll<HTMLElement>(one)].map((e) => e.innerText.trim());
      return said.find((line) => line.includes(wanted)) ?? '';
    },
    [selector, text] as [string, string],
  );
}
