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

/** Reads and writes the session’s cookie. */
export interface SessionCookie {
  /**
   * The ids whose signature is ours, in the order in which the browser sent them. Usually one or
   * none.
   * @param header the request's Cookie header
   * @param secure whether the client spoke https
   */
  read(header: string, secure: boolean): string[];
  /** Whether a cookie of the session's name was sent at all, good or bad. */
  sent(header: string, secure: boolean): boolean;
  /** The Set-Cookie value that hands out an id. No Max-Age: it ends with the browser. */
  issue(id: string, secure: boolean): string;
  /** The Set-Cookie value that takes the cookie back, with the attributes it was given with. */
  clear(secure: boolean): string;
}

/** How many good values one generation remembers. */
const GENERATION = 10_000;

/** 256 bits in base64url, a dot, and 256 bits more. */
const SIGNED_ID = /^([\w-]{43})\.([\w-]{43})$/;

/**
 * Makes the cookie’s reader and writer.
 * @param secretKeys the first signs, all verify; see SECRET_KEY
 */
export function createSessionCookie(secretKeys: readonly string[]): SessionCookie {
  const keys = secretKeys.map((key) => createSecretKey(Buffer.from(key)));
  // Value → id: a signature that was good stays good, and to make it anew costs more than all else
  // a session needs. When the young generation is full it becomes the old one, and the old one is
  // forgotten. How long the lookup takes tells nobody how much of a guess was right: a map compares
  // the text only where the hashes are equal, and they are seeded at random.
  let young = new Map<string, string>();
  let old = new Map<string, string>();

  function remember(value: string, id: string): string {
    if (young.size >= GENERATION) {
      old = young;
      young = new Map();
    }
    young.set(copyOf(value), id);
    return id;
  }

  function verify(value: string): string | undefined {
    const known = young.get(value);
    if (known !== undefined) return known;
    const [, id = '', signature = ''] = SIGNED_ID.exec(value) ?? [];
    if (id === '') return undefined;
    // Compared as text: in base64url, four different last letters stand for the same bytes.
    const given = Buffer.from(signature);
    const isGood = (key: KeyObject) => timingSafeEqual(given, Buffer.from(sign(key, id)));
    return old.has(value) || keys.some(isGood) ? remember(value, copyOf(id)) : undefined;
  }

  function setCookie(value: string, secure: boolean, attributes: { maxAge?: number }): string {
    const fixed = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
    return stringifySetCookie({ name: nameOf(secure), value, ...fixed, ...attributes });
  }

  return {
    read(header, secure) {
      return valuesOf(header, nameOf(secure)).flatMap((value) => verify(value) ?? []);
    },
    sent: (header, secure) => valuesOf(header, nameOf(secure)).length > 0,
    issue(id, secure) {
      const [key] = keys;
      if (key === undefined) throw new Error('there is no key to sign with');
      return setCookie(`${id}.${sign(key, id)}`, secure, {});
    },
    clear: (secure) => setCookie('', secure, { maxAge: 0 }),
  };
}

function nameOf(secure: boolean): string {
  return secure ? '__Host-sid' : 'sid';
}

function sign(key: KeyObject, id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}

/** Every value of the name: a browser may hold several, and `parseCookie` keeps the first. */
function valuesOf(header: string, name: string): string[] {
  const values: string[] = [];
  for (const pair of header.split(';')) {
    const value = pair.includes(name) ? parseCookie(pair)[name] : undefined;
    if (value !== undefined) values.push(value);
  }
  return values;
}
