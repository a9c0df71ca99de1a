/**
 * One look at the learner's page, in a browser profile of its own: the box is filled in and left as
 * a person does it, and what then happens is noted.
 */
import type { Browser, BrowserContext, Locator, Page, Route } from 'playwright-core';
import { findBox } from './box.ts';
import { inTheWay } from './reach.ts';
import { CannotLook, type Settings } from './settings.ts';
import { type Asked, type Hint, watch } from './watch.ts';

const OPEN_MS = 8000;
const PICTURE_MS = 3000;
/** For a font or a picture of a host that may never answer: the page is there without it. */
const LOAD_MS = 1500;

/** Of day, as some hints say when they were made. */
const TIME = /\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?/g;

/** What leaving the box brought about. */
export interface Left {
  readonly asked: readonly Asked[];
  /** Whether the browser loaded a page. */
  readonly isReloaded: boolean;
}

/** How a request of the page is answered instead of by its server; left out, never. */
export type Answer = { readonly status: number; readonly body: string } | 'no connection';

export class Visit {
  readonly page: Page;
  readonly box: Locator;
  /** What dialogs said; each was closed at once. */
  readonly dialogs: string[] = [];
  /** What a script of the page did not catch. */
  readonly errors: string[] = [];
  /** Where the address led, if that is another page: one for logging in, say. */
  readonly led: string | undefined;
  readonly #settings: Settings;

  private constructor(page: Page, box: Locator, settings: Settings) {
    this.page = page;
    this.box = box;
    this.#settings = settings;
    const { pathname, origin } = new URL(page.url());
    const asked = new URL(settings.url);
    this.led = pathname === asked.pathname && origin === asked.origin ? undefined : page.url();
    page.on('dialog', (dialog) => {
      this.dialogs.push(dialog.message());
      dialog.dismiss().catch(() => {}); // gone with its page
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** @throws CannotLook when the page does not come, or has no user-name box */
  static async open(context: BrowserContext, settings: Settings): Promise<Visit> {
    const page = await context.newPage();
    page.setDefaultTimeout(OPEN_MS);
    await page.goto(settings.url, { waitUntil: 'commit' }).catch((error: Error) => {
      const [, code] = /net::(\w+)/.exec(error.message) ?? [];
      throw code ? new CannotLook(inTheWay(settings.url, code)) : error;
    });
    await loaded(page);
    const box = await findBox(page, settings.box, settings.patienceMs);
    const visit = new Visit(page, box, settings);
    await visit.settle();
    await page.evaluate(() => {
      window.homework.isFirst = true;
      window.homework.remember();
    });
    return visit;
  }

  /** Fills the box in, leaves it, and waits until all is quiet. */
  async leave(name: string): Promise<Left> {
    const before = await this.#count();
    await this.fill(name);
    await this.blur();
    return this.#since(before);
  }

  /** Goes into the box, and out again without a change. */
  async passThrough(): Promise<Left> {
    await this.box.focus();
    const before = await this.#count();
    await this.blur();
    return this.#since(before);
  }

  /** Types letter by letter, and stays in the box. */
  async type(text: string): Promise<readonly Asked[]> {
    await this.box.click();
    const before = await this.#count();
    await this.box.pressSequentially(text);
    return (await this.#since(before)).asked;
  }

  async fill(name: string): Promise<void> {
    await this.#find();
    await this.box.click();
    await this.box.fill(name);
  }

  /** Leaves the box by the Tab key, or, when nothing else takes the focus, by letting go. */
  async blur(): Promise<void> {
    await this.page.keyboard.press('Tab');
    await this.box.blur().catch(() => {}); // the page may be on its way out
  }

  /** The hint as it stands, with the name in it made the same for all names. */
  async hint(): Promise<
    (Hint & { readonly timeless: string; readonly pattern: string }) | undefined
  > {
    // A page that came instead may have none.
    if ((await this.box.count()) === 0) return undefined;
    const hint = await this.box.evaluate((box) => window.homework.hint(box));
    if (hint === undefined) return undefined;
    const name = await this.box.inputValue();
    const timeless = hint.text.replace(TIME, '…');
    return { ...hint, timeless, pattern: name === '' ? timeless : timeless.replaceAll(name, '…') };
  }

  /** Waits for a hint that is another than `than`. @returns the last seen, when none comes */
  async nextHint(than: string | undefined, ms = this.#settings.patienceMs) {
    for (const end = performance.now() + ms; ; await this.page.waitForTimeout(30)) {
      const hint = await this.hint();
      if ((hint !== undefined && hint.text !== than) || performance.now() > end) return hint;
    }
  }

  /**
   * From now on these requests of the page are answered by `answer`, called once for each.
   * @param isMeant whether a request is one of these
   */
  async play(
    isMeant: (one: Pick<Asked, 'method' | 'url'>) => Promise<boolean>,
    answer: (ordinal: number) => Promise<Answer | 'go on'>,
  ): Promise<void> {
    let ordinal = 0;
    await this.page.route('**/*', async (route) => {
      const request = route.request();
      const isScript = ['xhr', 'fetch'].includes(request.resourceType());
      try {
        if (!isScript || !(await isMeant({ method: request.method(), url: request.url() })))
          return await route.fallback();
        ordinal += 1;
        const what = await answer(ordinal);
        // The page may have given the request up.
        await give(route, what).catch(() => {});
      } catch (error) {
        if (!this.page.isClosed()) throw error;
      }
    });
  }

  /** Whether the page still waits for an answer to what it asked for the user. */
  isWaiting(): Promise<boolean> {
    return this.page.evaluate(() =>
      window.homework.asked.some(({ isOver, isOwn }) => !isOver && !isOwn),
    );
  }

  /** What the page looks like, as PNG; none where the browser gives none, as behind a dialog. */
  async picture(): Promise<Buffer | undefined> {
    try {
      return await this.page.screenshot({ timeout: PICTURE_MS });
    } catch {
      return undefined;
    }
  }

  /** Loads the page anew, and finds the box again. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await loaded(this.page);
    await this.#find();
  }

  /** The box, where the page has put another in its place. */
  async #find(): Promise<void> {
    if ((await this.box.count()) > 0) return;
    await findBox(this.page, this.#settings.box, this.#settings.patienceMs);
  }

  async settle(): Promise<void> {
    const { quietMs, answerMs } = this.#settings;
    const times: [number, number] = [quietMs, answerMs];
    const wait = () => this.page.evaluate((ms) => window.homework.settle(...ms), times);
    // A page that is loaded anew ends what was evaluated in it.
    await wait().catch(() => loaded(this.page).then(wait));
  }

  #count(): Promise<number> {
    return this.page.evaluate(() => window.homework.asked.length);
  }

  async #since(before: number): Promise<Left> {
    await this.settle();
    const { asked, isFirst } = await this.page.evaluate(() => window.homework);
    return { asked: isFirst ? asked.slice(before) : asked, isReloaded: !isFirst };
  }
}

/** Waits for the page, and for what belongs to it as long as a person would. */
export async function loaded(page: Page): Promise<void> {
  for (const state of ['domcontentloaded', 'load'] as const) {
    await page.waitForLoadState(state, { timeout: LOAD_MS }).catch((error: Error) => {
      if (error.name !== 'TimeoutError') throw error;
    });
  }
}

/** A profile of its own, with the eyes and ears of the checks in every page. */
export async function openContext(browser: Browser, settings: Settings): Promise<BrowserContext> {
  const locale = settings.language === 'zh' ? 'zh-CN' : 'en-GB';
  const context = await browser.newContext({ locale });
  // esbuild marks functions by a name that the page does not know.
  await context.addInitScript(`globalThis.__name ??= (it) => it; (${watch})();`);
  return context;
}

function give(route: Route, answer: Answer | 'go on'): Promise<void> {
  if (answer === 'go on') return route.continue();
  if (answer === 'no connection') return route.abort('connectionrefused');
  return route.fulfill({ ...answer, contentType: 'text/html' });
}
