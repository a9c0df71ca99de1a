/**
 * The session's cookie, `<id>.<signature>`: a random id, signed with SECRET_KEY, not encrypted. (Flask's
 * own default puts the data itself into the cookie, signed and readable.) The signature is also the
 * session's handle in the store, so the id stands in the cookie alone: a copy of the store opens nothing.
 *
 * A visitor's cookie is `sid`, a user's `user-sid`: the late reply to a visitor's first write then
 * cannot undo a login that overtook it. Over https the names begin with `__Host-`, so that neither
 * a sister site nor an unencrypted page can plant one (RFC 6265bis §4.1.3.2, ASVS 5, 3.3.1 and 3.3.3).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';

/** A session's handle, and the cookie's value that leads to it. */
export type Token = Readonly<Record<'handle' | 'value', string>>;

/** A cookie of ours in a request: a user's or a visitor's. */
type Found = Readonly<{ handle: string; isUser: boolean }>;

export type SessionCookie = ReturnType<typeof createSessionCookie>;

/** 256 bits in base64url, a dot, and 256 more. */
const SIGNED_ID = /^([\w-]{43})\.([\w-]{43})$/;

/** @param keys the first signs, all verify: that is how a key is rotated. @throws without one */
export function createSessionCookie(keys: readonly string[]) {
  const [signingKey = ''] = keys;
  if (signingKey === '') throw new Error('there is no key to sign with');

  function tokenOf(id: string): Token {
    const handle = sign(signingKey, id);
    return { handle, value: `${id}.${handle}` };
  }

  /** The handle in a cookie's value that was signed here. */
  function verify(value = ''): string | undefined {
    const [, id = '', signature = ''] = SIGNED_ID.exec(value) ?? [];
    if (id === '') return undefined;
    // Compared as text: in base64url, four different last letters stand for the same bytes.
    const given = Buffer.from(signature);
    const isGood = (key: string) => timingSafeEqual(given, Buffer.from(sign(key, id)));
    return keys.some(isGood) ? signature : undefined;
  }

  return {
    /** A random id: 256 bits (ASVS 5, 7.2.3 and 11.5.1 ask for 128). */
    create: () => tokenOf(randomBytes(32).toString('base64url')),

    /** The token after a login: a login that is sent twice derives the same, and joins the session. */
    successor: (handle: string, owner: string) => tokenOf(sign(signingKey, `${handle} ${owner}`)),

    /** Our cookies in a Cookie header, a user's first; usually one or none. */
    read(header: string, secure: boolean): Found[] {
      const found: Found[] = [];
      // A browser may hold several of one name, and `parseCookie` keeps the first.
      const pairs = header.split(';').filter((pair) => pair.includes('sid'));
      const cookies = pairs.map((pair) => parseCookie(pair));
      for (const isUser of [true, false]) {
        for (const cookie of cookies) {
          const handle = verify(cookie[nameOf(isUser, secure)]);
          if (handle !== undefined) found.push({ isUser, handle });
        }
      }
      return found;
    },

    /** The Set-Cookie value that hands out a token. Without Max-Age it ends with the browser. */
    issue: ({ value }: Token, isUser: boolean, secure: boolean): string =>
      setCookie(nameOf(isUser, secure), value, secure),

    /** The Set-Cookie values that clear cookies, with the attributes they were set with. */
    clear(cookies: readonly Found[], secure: boolean): string[] {
      const names = new Set(cookies.map(({ isUser }) => nameOf(isUser, secure)));
      return Array.from(names, (name) => setCookie(name, '', secure, { maxAge: 0 }));
    },
  };
}

const nameOf = (isUser: boolean, secure: boolean) =>
  `${secure ? '__Host-' : ''}${isUser ? 'user-' : ''}sid`;

const sign = (key: string, text: string) =>
  createHmac('sha256', key).update(text).digest('base64url');

function setCookie(name: string, value: string, secure: boolean, lifetime = {}): string {
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure, ...lifetime } as const;
  return stringifySetCookie({ name, value, ...attributes });
}
