/**
 * The session's cookie, `sid=<id>.<signature>`: a random id, signed with SECRET_KEY, not encrypted.
 * (Flask's own default puts the data itself into the cookie, signed and readable.) Over https the
 * name is `__Host-sid`, so that neither a sister site nor an unencrypted page can plant one
 * (RFC 6265bis §4.1.3.2, ASVS 5, 3.3.1 and 3.3.3).
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';

/** 256 bits in base64url, a dot, and 256 more. */
const SIGNED_ID = /^([\w-]{43})\.([\w-]{43})$/;

/** Reads and writes the session's cookie. `secure`: whether the client spoke https. */
export class SessionCookie {
  readonly #keys: readonly KeyObject[];

  /** @param secretKeys the first signs, all verify: that is how a key is rotated */
  constructor(secretKeys: readonly string[]) {
    this.#keys = secretKeys.map((key) => createSecretKey(Buffer.from(key)));
  }

  /** The ids in a Cookie header that we have signed, in its order; usually one or none. */
  read(header: string, secure: boolean): string[] {
    const name = nameOf(secure);
    const ids: string[] = [];
    // A browser may hold several of one name, and `parseCookie` keeps the first.
    for (const pair of header.split(';')) {
      const id = pair.includes(name) ? this.#verify(parseCookie(pair)[name] ?? '') : undefined;
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  /** The Set-Cookie value that hands out an id. Without Max-Age it ends with the browser. */
  issue(id: string, secure: boolean): string {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('there is no key to sign with');
    return setCookie(`${id}.${sign(key, id)}`, secure);
  }

  /** The Set-Cookie value that clears the cookie, with the attributes it was set with. */
  clear(secure: boolean): string {
    return setCookie('', secure, { maxAge: 0 });
  }

  #verify(value: string): string | undefined {
    const [, id = '', signature = ''] = SIGNED_ID.exec(value) ?? [];
    if (id === '') return undefined;
    // Compared as text: in base64url, four different last letters stand for the same bytes.
    const given = Buffer.from(signature);
    const isGood = (key: KeyObject) => timingSafeEqual(given, Buffer.from(sign(key, id)));
    return this.#keys.some(isGood) ? id : undefined;
  }
}

const nameOf = (secure: boolean) => (secure ? '__Host-sid' : 'sid');

function sign(key: KeyObject, id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}

function setCookie(value: string, secure: boolean, lifetime: { maxAge?: number } = {}): string {
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure, ...lifetime } as const;
  return stringifySetCookie({ name: nameOf(secure), value, ...attributes });
}
