/** What a check is given: new browsers, requests with a cookie of its own making, and what was seen. */
import { randomBytes } from 'node:crypto';
import { Browser, pathOf, type Send } from './browser.ts';
import { type Answer, send as sendRequest } from './request.ts';
import type { Settings } from './settings.ts';

/** A request of the whole run, for the checks that look back. */
export interface Exchange {
  /** The check that sent it. */
  readonly during: string;
  readonly what: string;
  readonly answer: Answer;
}

/** The layer's cookie, as a first look shows it. */
export interface CookieForm {
  /** Of several, the one that holds the id, or the session. */
  readonly name: string;
  readonly names: readonly string[];
  /** Whether it grows with what is written: then the session is in it. */
  readonly holdsSession: boolean;
}

/** The check cannot be made here, and why. */
export class NotLookedAt extends Error {}

/** The adapter does not keep the contract: no check can be made. */
export class NoSession extends Error {}

/** How much longer a Cookie header must become before it is the data that makes it longer. */
const GROWTH = 40;

export class Site {
  readonly settings: Settings;
  readonly cookie: CookieForm;
  readonly history: Exchange[];
  readonly #during: string;

  private constructor(settings: Settings, cookie: CookieForm, history: Exchange[], during: string) {
    this.settings = settings;
    this.cookie = cookie;
    this.history = history;
    this.#during = during;
  }

  /** Looks at the cookie first. @throws NoSession, NoAnswer */
  static async open(settings: Settings): Promise<Site> {
    const nothing = { name: '', names: [], holdsSession: false };
    const blind = new Site(settings, nothing, [], 'the first look');
    return new Site(settings, await lookAtCookie(blind), blind.history, 'the first look');
  }

  /** The same site for one check, whose requests bear its name. */
  during(check: string): Site {
    return new Site(this.settings, this.cookie, this.history, check);
  }

  readonly send: Send = async (method, path, sending) => {
    const answer = await sendRequest(this.settings, method, path, sending);
    this.history.push({ during: this.#during, what: `${method} ${short(path, 50)}`, answer });
    return answer;
  };

  browser(): Browser {
    return new Browser(this.settings.url, this.send);
  }

  /** A browser that has written one value. */
  async visitor(key = 'a', value = '1'): Promise<Browser> {
    const browser = this.browser();
    await browser.mustSet(key, value);
    return browser;
  }

  /** A browser that is logged in. */
  async user(name = 'ann'): Promise<Browser> {
    const browser = this.browser();
    await browser.mustLogin(name);
    return browser;
  }

  /** Reads a key with this Cookie header. */
  read(cookies: string, key: string): Promise<Answer> {
    return this.send('GET', pathOf(key), { cookies });
  }

  /** Writes a key with this Cookie header. */
  write(cookies: string, key: string, value: string, ms = 0): Promise<Answer> {
    const form = { key, value, ...(ms > 0 ? { ms: String(ms) } : {}) };
    return this.send('POST', '/set', { cookies, form });
  }

  /** A Cookie header with a value of our own making. */
  forge(value: string): string {
    return `${this.cookie.name}=${value}`;
  }

  /** The browser's Cookie header with the value of the layer's cookie changed. */
  change(browser: Browser, change: (value: string) => string): string {
    return [...browser.held]
      .map(([name, value]) => `${name}=${name === this.cookie.name ? change(value) : value}`)
      .join('; ');
  }

  /** The value of the layer's cookie. @throws NotLookedAt when the browser holds none */
  valueOf(browser: Browser): string {
    const value = browser.held.get(this.cookie.name);
    if (value === undefined) throw new NotLookedAt(`the browser holds no ${this.cookie.name}`);
    return value;
  }
}

async function lookAtCookie(site: Site): Promise<CookieForm> {
  const browser = site.browser();
  const { status, setCookies } = await browser.set('probe', 'x');
  if (status !== 200) throw new NoSession(`POST /set is answered ${status}`);
  if (browser.cookies === '') {
    const lines = setCookies.map(({ line }) => line).join(' | ');
    throw new NoSession(
      `the first write sets no cookie that a browser keeps (Set-Cookie: ${lines || 'none'})`,
    );
  }
  const before = browser.cookies.length;
  const { body, status: read } = await browser.get('probe');
  if (read !== 200 || body !== 'x')
    throw new NoSession(`what was written is not read again: GET /get is answered ${read}`);
  await browser.mustSet('probe2', random(100));
  const names = [...browser.held.keys()];
  const lengthOf = (name: string) => browser.held.get(name)?.length ?? 0;
  const [name = ''] = names
    .filter((one) => !one.endsWith('.sig'))
    .sort((a, b) => lengthOf(b) - lengthOf(a));
  return { name, names, holdsSession: browser.cookies.length > before + GROWTH };
}

/** Hex digits. */
export function random(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}

/** A text of any origin, fit for one line. */
export function short(text: string, length = 90): string {
  const line = JSON.stringify(text).slice(1, -1);
  return line.length > length ? `${line.slice(0, length)}… (${line.length})` : line;
}
