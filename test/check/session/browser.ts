/**
 * A browser as far as cookies go: a jar that keeps to the storage model of RFC 6265bis, and a method
 * for each request of the contract. Secure cookies are kept over http as well, as browsers do for
 * localhost: a layer that always sets Secure can so be checked without TLS.
 */
import { type Answer, NoAnswer, prefixOf, type Sending, type SetCookie } from './request.ts';

interface Stored {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Empty for a cookie of this host alone. */
  readonly domain: string;
  readonly expiresAt: number;
}

/** Sends one request for a check, and notes it. */
export type Send = (method: string, path: string, sending?: Sending) => Promise<Answer>;

const MAX_NAME_AND_VALUE = 4096;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 6265bis has these ignored.
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

export class Browser {
  readonly #url: URL;
  readonly #send: Send;
  #jar: readonly Stored[] = [];
  /** How long its last request took. */
  lastMs = 0;

  constructor(url: URL, send: Send) {
    this.#url = url;
    this.#send = send;
  }

  /** The Cookie header for the contract's paths, or empty: longer paths first, then older cookies. */
  get cookies(): string {
    return this.#cookiesFor('/');
  }

  /** The names and values that it sends. */
  get held(): ReadonlyMap<string, string> {
    return new Map(this.#matching('/').map(({ name, value }) => [name, value]));
  }

  /** Another with the same cookies. */
  copy(): Browser {
    const other = new Browser(this.#url, this.#send);
    other.#jar = this.#jar;
    return other;
  }

  /** Stores the cookies of an answer. @param path of its request, without the prefix */
  take(setCookies: readonly SetCookie[], path = '/'): void {
    for (const cookie of setCookies) this.#store(cookie, path);
  }

  async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const cookies = this.#cookiesFor(path);
    const answer = await this.#send(method, path, { cookies, ...sending });
    this.take(answer.setCookies, path);
    this.lastMs = answer.ms;
    return answer;
  }

  get(key: string, sending?: Sending): Promise<Answer> {
    return this.send('GET', pathOf(key), sending);
  }

  /** @param ms how long the handler waits between reading and writing */
  set(key: string, value: string, ms = 0): Promise<Answer> {
    return this.send('POST', '/set', { form: { key, value, ...waiting(ms) } });
  }

  del(key: string): Promise<Answer> {
    return this.send('POST', '/del', { form: { key } });
  }

  login(user: string, ms = 0): Promise<Answer> {
    return this.send('POST', '/login', { form: { user, ...waiting(ms) } });
  }

  logout(): Promise<Answer> {
    return this.send('POST', '/logout');
  }

  fail(key: string, value: string): Promise<Answer> {
    return this.send('POST', '/fail', { form: { key, value } });
  }

  /** The user, or empty; anything but a 200 in words. */
  async whoami(): Promise<string> {
    const { status, body } = await this.send('GET', '/whoami');
    return status === 200 ? body : `(status ${status})`;
  }

  /** A write that a check builds on. @throws NoAnswer when it is refused */
  async mustSet(key: string, value: string): Promise<Answer> {
    const answer = await this.set(key, value);
    if (answer.status !== 200) throw new NoAnswer(`POST /set ${key} is answered ${answer.status}`);
    return answer;
  }

  /** A login that a check builds on. @throws NoAnswer when it is refused */
  async mustLogin(user: string): Promise<Answer> {
    const answer = await this.login(user);
    if (answer.status !== 200) throw new NoAnswer(`POST /login is answered ${answer.status}`);
    return answer;
  }

  #cookiesFor(path: string): string {
    return this.#matching(path)
      .map(({ name, value }) => (name === '' ? value : `${name}=${value}`))
      .join('; ');
  }

  #matching(path: string): readonly Stored[] {
    const now = Date.now();
    const place = prefixOf(this.#url) + (path.split('?')[0] ?? path);
    const found = this.#jar.filter((one) => one.expiresAt > now && matches(place, one.path));
    return found.sort((a, b) => b.path.length - a.path.length);
  }

  #store(cookie: SetCookie, requestPath: string): void {
    const { name, value, attributes } = cookie;
    if (CONTROL.test(name + value) || name + value === '') return;
    if (Buffer.byteLength(name + value) > MAX_NAME_AND_VALUE) return;
    const domain = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase();
    if (domain !== '' && domain !== this.#url.hostname) return;
    if (/^__(?:host|secure)-/i.test(name) && !attributes.has('secure')) return;
    const given = attributes.get('path') ?? '';
    if (/^__host-/i.test(name) && (given !== '/' || domain !== '')) return;
    const path = given.startsWith('/') ? given : this.#defaultPath(requestPath);
    const stored = { name, value, path, domain, expiresAt: expiryOf(cookie) };
    const place = this.#jar.findIndex(
      (one) => one.name === name && one.path === path && one.domain === domain,
    );
    // A cookie keeps its place: its creation time stays.
    if (place >= 0) this.#jar = this.#jar.with(place, stored);
    else this.#jar = [...this.#jar, stored];
    this.#jar = this.#jar.filter(({ expiresAt }) => expiresAt > Date.now());
  }

  /** RFC 6265bis, default-path: the folder of the request's path. */
  #defaultPath(requestPath: string): string {
    const path = prefixOf(this.#url) + (requestPath.split('?')[0] ?? '');
    return path.slice(0, Math.max(1, path.lastIndexOf('/')));
  }
}

/** Whether the answer's field takes the cookie away. */
export function isDeletion(cookie: SetCookie): boolean {
  return expiryOf(cookie) <= Date.now();
}

/** Max-Age wins over Expires; without either it lasts as long as the browser. */
function expiryOf({ attributes }: SetCookie): number {
  const maxAge = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0 ? 0 : Date.now() + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

/** RFC 6265bis, path-match. */
function matches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}

export const pathOf = (key: string) => `/get?key=${encodeURIComponent(key)}`;

const waiting = (ms: number): Record<string, string> => (ms > 0 ? { ms: String(ms) } : {});
