/**
 * A browser as far as a session is concerned: it keeps the server's cookie, sends it back, and
 * forgets it when the server says so.
 */
import assert from 'node:assert/strict';
import { randomBytes, scryptSync } from 'node:crypto';
import { createUsers } from '../../lib/db/users.ts';
import { testDatabase } from './database.ts';

/** What `GET /session` answers. */
export interface SessionState {
  readonly exists: boolean;
  readonly user: { readonly uname: string; readonly nickname: string } | null;
  readonly data: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  readonly idleExpiresAt?: string;
  readonly expiresAt?: string;
}

export interface Listing {
  readonly handle: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly current: boolean;
}

export interface Browser {
  /**
   * The Cookie header that it sends, such as `sid=…`; empty when it holds none. A test may set it.
   */
  cookie: string;
  /** Asks, and takes over the cookie of the answer. With fields, the request has a form. */
  ask(method: string, path: string, fields?: Record<string, string>): Promise<Response>;
  /** `session[key] = value` */
  put(key: string, value: string): Promise<void>;
  /** `GET /session` */
  state(): Promise<SessionState>;
  /** `GET /sessions` */
  sessions(): Promise<Listing[]>;
  /** `POST /login` of a user that `registerUsers` made. */
  login(uname: string): Promise<void>;
}

/** The password of every user that `registerUsers` stores. */
export const UPWD = 'correct horse';

/**
 * Opens a browser that holds no cookie.
 * @param headers what it sends with every request
 */
export function openBrowser(url: string, headers: Record<string, string> = {}): Browser {
  const browser: Browser = {
    cookie: '',
    async ask(method, path, fields) {
      const response = await fetch(url + path, {
        method,
        headers: browser.cookie === '' ? headers : { ...headers, cookie: browser.cookie },
        body: fields === undefined ? null : new URLSearchParams(fields),
      });
      for (const setCookie of response.headers.getSetCookie()) {
        const [pair = ''] = setCookie.split(';', 1);
        const name = pair.slice(0, pair.indexOf('=') + 1);
        const others = browser.cookie.split('; ').filter((one) => one && !one.startsWith(name));
        browser.cookie = [...others, ...(setCookie.includes('Max-Age=0') ? [] : [pair])].join('; ');
      }
      return response;
    },
    async put(key, value) {
      const response = await browser.ask('PUT', `/session/${encodeURIComponent(key)}`, { value });
      assert.ok(response.status === 200 || response.status === 201, `PUT of ${key}`);
    },
    async state() {
      return (await (await browser.ask('GET', '/session')).json()) as SessionState; // the contract
    },
    async sessions() {
      return (await (await browser.ask('GET', '/sessions')).json()) as Listing[]; // the contract
    },
    async login(uname) {
      const response = await browser.ask('POST', '/login', { uname, upwd: UPWD });
      assert.equal(response.status, 200, `login of ${uname}`);
    },
  };
  return browser;
}

/**
 * As lib/password.ts would write it, had it cost next to nothing: a hash says itself what it
 * cost, and these tests are about sessions.
 */
function cheapHash(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 });
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$scrypt$ln=1,r=1,p=1$${text(salt)}$${text(hash)}`;
}

/**
 * Stores those users that `testDatabase` does not have yet, with the password that `login` sends.
 */
export async function registerUsers(...unames: string[]): Promise<void> {
  const users = createUsers(await testDatabase());
  // A name that is taken is one that an earlier test has stored.
  for (const uname of new Set(unames))
    await users.insert({ uname, nickname: uname }, cheapHash(UPWD));
}

/** The id in a session cookie; of several, in the last. */
export function idOf(cookie: string): string {
  return /=([^.=]*)\.[^.=]*$/.exec(cookie)?.[1] ?? '';
}
