import { isDeletion } from '../browser.ts';
import type { Group } from '../inspection.ts';
import type { SetCookie } from '../request.ts';
import { NotLookedAt, type Site, short } from '../site.ts';
import { SHEET, told } from './common.ts';

/** Names that frameworks give by default. */
const DEFAULT_NAMES =
  /^(?:__host-|__secure-)?(?:connect\.sid|phpsessid|jsessionid|asp\.net_sessionid|laravel_session|koa[.:]sess|rack\.session|sessionid|express:sess)(?:\.sig)?$/i;
/** RFC 6265bis §4.1.1, cookie-octet; the quotes around a value are allowed as well. */
const COOKIE_OCTETS = /^"?[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*"?$/;

export const cookie: Group = {
  name: 'cookie',
  title: 'The cookie',
  checks: [
    {
      id: 'cookie-httponly',
      level: 'MUST',
      says: 'the cookie is HttpOnly',
      why: 'a script that was injected into a page could read the session’s id',
      look: 'the cookie’s options',
      source: 'OWASP ASVS 5.0, 3.3.4; RFC 6265bis §4.1.2.6',
      seen: (site) => each(site, ({ attributes }) => attributes.has('httponly')),
    },
    {
      id: 'cookie-samesite',
      level: 'SHOULD',
      says: 'the cookie says SameSite=Lax or Strict',
      why: 'without it each browser has its own default, and some send it with requests of other sites',
      look: 'the cookie’s options',
      source: 'OWASP ASVS 5.0, 3.3.2; RFC 6265bis §4.1.2.7',
      seen: (site) =>
        each(site, ({ attributes }) => /^(?:lax|strict)$/i.test(attributes.get('samesite') ?? '')),
    },
    {
      id: 'cookie-scope',
      level: 'SHOULD',
      says: 'the cookie has Path=/ and no Domain',
      why: 'with Domain all subdomains receive it; without Path it depends on the page that was open',
      look: 'the cookie’s options',
      source: `${SHEET}, “Domain and Path Attributes”; RFC 6265bis §4.1.2.3`,
      seen: (site) =>
        each(site, ({ attributes }) => attributes.get('path') === '/' && !attributes.has('domain')),
    },
    {
      id: 'cookie-secure',
      level: 'MUST',
      says: 'over https the cookie is Secure',
      why: 'one link with http:// and the id crosses the network unencrypted',
      look: 'the cookie’s options, and whether the framework trusts the proxy in front',
      source: 'OWASP ASVS 5.0, 3.3.1; RFC 6265bis §4.1.2.5',
      seen: (site) => overHttps(site, ({ attributes }) => attributes.has('secure')),
    },
    {
      id: 'cookie-prefix',
      level: 'SHOULD',
      says: 'over https the cookie’s name begins with __Host- or __Secure-',
      why: 'without it a sister site, or a page without encryption, can plant one',
      look: 'the cookie’s name',
      source: 'OWASP ASVS 5.0, 3.3.1 and 3.3.3; RFC 6265bis §4.1.3',
      seen: (site) => overHttps(site, ({ name }) => /^__(?:Host|Secure)-/.test(name)),
    },
    {
      id: 'cookie-name',
      level: 'SHOULD',
      says: 'the cookie’s name does not tell the framework',
      why: 'it tells an attacker which holes to try',
      look: 'the cookie’s name: by default it is the framework’s',
      source: `${SHEET}, “Session ID Name Fingerprinting”`,
      seen: (site) => each(site, ({ name }) => !DEFAULT_NAMES.test(name)),
    },
    {
      id: 'cookie-lifetime',
      level: 'SHOULD',
      says: 'the cookie ends with the browser: neither Max-Age nor Expires',
      why: 'on a shared computer the next person would go on as the last one',
      look: 'the cookie’s options',
      source: `${SHEET}, “Expire and Max-Age Attributes”`,
      async seen(site) {
        // IDLE makes some layers set Max-Age.
        if (site.settings.idleMs !== undefined) throw new NotLookedAt('--idle is given');
        return each(
          site,
          ({ attributes }) => !attributes.has('max-age') && !attributes.has('expires'),
        );
      },
    },
    {
      id: 'cookie-grammar',
      level: 'SHOULD',
      says: 'the cookie’s value keeps to the grammar',
      why: 'other programs, and proxies, read it differently',
      look: 'how the value is encoded',
      source: 'RFC 6265bis §4.1.1',
      seen: (site) => each(site, ({ value }) => COOKIE_OCTETS.test(value)),
    },
    {
      id: 'no-cookie-each-time',
      level: 'SHOULD',
      says: 'a read by a visitor who has a session sets no cookie again',
      why: 'such an answer cannot be cached, and one that comes late brings an old cookie back',
      look: 'whether the cookie is sent only when the id is new; an option such as rolling',
      source: 'RFC 9111 §7.3',
      async seen(site) {
        if (site.settings.idleMs !== undefined) throw new NotLookedAt('--idle is given');
        const user = await site.user();
        const { setCookies } = await user.send('GET', '/whoami');
        return told(setCookies.map(({ line }) => `GET /whoami sets ${short(line)}`));
      },
    },
    {
      id: 'no-cookie-on-write',
      level: 'SHOULD',
      says: 'a further write sets no cookie again',
      why: 'a write that comes late brings an old cookie back, after a logout as well',
      look: 'whether the cookie is sent only when the id is new',
      source: 'no standard: see login-race-browser',
      needsStore: true,
      async seen(site) {
        if (site.settings.idleMs !== undefined) throw new NotLookedAt('--idle is given');
        const visitor = await site.visitor();
        const { setCookies } = await visitor.mustSet('b', '2');
        return told(setCookies.map(({ line }) => `POST /set sets ${short(line)}`));
      },
    },
    {
      id: 'one-set-cookie',
      level: 'SHOULD',
      says: 'no answer sets one cookie twice',
      why: 'servers should not do so, and which of the two counts is up to the browser',
      look: 'where the cookie is set a second time: often at the logout',
      source: 'RFC 6265bis §4.1.1',
      when: 'last',
      async seen({ history }) {
        const doubled = history.filter(({ answer: { setCookies } }) => {
          const names = setCookies.map(({ name }) => name);
          return new Set(names).size < names.length;
        });
        return doubled.length === 0
          ? undefined
          : `${doubled.length} answers, such as ${doubled[0]?.what} in ${doubled[0]?.during}`;
      },
    },
  ],
};

/** The cookies that a first write and a login set. */
async function issued(site: Site): Promise<readonly SetCookie[]> {
  const browser = site.browser();
  const write = await browser.mustSet('a', '1');
  const login = await browser.mustLogin('ann');
  return [...write.setCookies, ...login.setCookies].filter((one) => !isDeletion(one));
}

/** Those that are not right. */
async function each(site: Site, isRight: (cookie: SetCookie) => boolean) {
  const wrong = (await issued(site)).filter((one) => !isRight(one));
  return told(wrong.map(({ name, value, line }) => hidden(name, value, line)));
}

async function overHttps(site: Site, isRight: (cookie: SetCookie) => boolean) {
  if (!site.settings.https) throw new NotLookedAt('--https is not given');
  return each(site, isRight);
}

/** The field, without most of its value: two of them say the same. */
function hidden(name: string, value: string, line: string): string {
  const shown = value.length > 12 ? `${short(value, 12).slice(0, 12)}…` : short(value);
  return `${name}=${shown}${line.slice(line.indexOf(value) + value.length)}`;
}
