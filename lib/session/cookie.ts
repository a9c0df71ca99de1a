/**
 * The session's cookie: `sid=<id>.<signature>`. The id is a random number that means nothing; the
 * signature proves that this server gave it out. SECRET_KEY signs, it does not encrypt: but then
 * there is nothing in the cookie to hide. (Flask's own default puts the data itself into the
 * cookie, signed and readable by whoever holds it.)
 *
 * Over https the name is `__Host-sid` and the cookie is Secure, so that neither a sister site nor
 * an unencrypted page can plant one (RFC 6265bis §4.1.3.2, ASVS 5, 3.3.1, 3.3.3).
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import { copyOf } from '../copy.ts';

/** How many good values are remembered. */
const MOST_KNOWN = 20_000;
/** 256 bits in base64url, a dot, and 256 more. */
const SIGNED_ID = /^([\w-]{43})\.([\w-]{43})$/;

/** Reads and writes the session’s cookie. `secure`: whether the client spoke https. */
export class SessionCookie {
  readonly #keys: readonly KeyObject[];
  /**
   * Value → id: a signature that was good stays good, and to make it anew costs more than all else
   * a session needs. How long the lookup takes tells nobody how much of a guess was right: a Map
   * compares the text only where the hashes are equal, and they are seeded at random.
   */
  readonly #known = new Map<string, string>();

  /** @param secretKeys the first signs, all verify: that is how a key is changed */
  constructor(secretKeys: readonly string[]) {
    this.#keys = secretKeys.map((key) => createSecretKey(Buffer.from(key)));
  }

  /** The ids in a Cookie header that we have signed, in its order; usually one or none. */
  read(header: string, secure: boolean): string[] {
    const name = nameOf(secure);
    const ids: string[] = [];
    // A browser may hold several of one name, and `parseCookie` keeps the first.
    for (const pair of header.split(';')) {
      const value = pair.includes(name) ? parseCookie(pair)[name] : undefined;
      const id = value === undefined ? undefined : (this.#known.get(value) ?? this.#verify(value));
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  /** The Set-Cookie value that hands out an id. No Max-Age: it ends with the browser. */
  issue(id: string, secure: boolean): string {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('there is no key to sign with');
    return setCookie(`${id}.${sign(key, id)}`, secure);
  }

  /** The Set-Cookie value that takes the cookie back, with the attributes it was given with. */
  clear(secure: boolean): string {
    return setCookie('', secure, { maxAge: 0 });
  }

  #verify(value: string): string | undefined {
    const [, id = '', signature = ''] = SIGNED_ID.exec(value) ?? [];
    // Compared as text: in base64url, four different last letters stand for the same bytes.
    const given = Buffer.from(signature);
    const isGood = (key: KeyObject) => timingSafeEqual(given, Buffer.from(sign(key, id)));
    if (id === '' || !this.#keys.some(isGood)) return undefined;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(copyOf(value), copyOf(id));
    return id;
  }
}

function nameOf(secure: boolean): string {
  return secure ? '__Host-sid' : 'sid';
}

function sign(key: KeyObject, id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}

function setCookie(value: string, secure: boolean, lifetime: { maxAge?: number } = {}): string {
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure, ...lifetime } as const;
  return stringifySetCookie({ name: nameOf(secure), value, ...attributes });
}
