import { randomBytes } from 'node:crypto';
import type { Browser } from '../browser.ts';
import type { Group } from '../inspection.ts';
import { NotLookedAt, random, type Site, short } from '../site.ts';
import { faultsWithAll, SHEET, told } from './common.ts';

const STRICT = `${SHEET}, “Permissive and Strict Session Management”`;
const UNTRUSTED = `${SHEET}, “Manage Session ID as Any Other User Input”`;

const signature = () => randomBytes(32).toString('base64url');
/** As the header's bytes: Node writes a text's characters as bytes. */
const utf8 = (text: string) => Buffer.from(text).toString('latin1');
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Other programs' cookies on the same host. */
const NEIGHBOURS = [
  'x=1; y=2',
  'x=%',
  'x=%zz; y="a',
  'novalue',
  '=noname',
  'x="a;b"',
  'x={"a":[1,2]}',
  'a[b]=c',
  'x=\xe9\xff',
  'x=a b c',
  '$Version=1',
  ';;',
  'x=a,b',
  '__proto__=1',
  utf8('ü=1'),
  Array.from({ length: 40 }, (_, number) => `n${number}=${number}`).join('; '),
];

export const forged: Group = {
  name: 'forged',
  title: 'Cookies that the server did not issue',
  checks: [
    {
      id: 'planted-not-adopted',
      level: 'MUST',
      says: 'an id that the server did not issue does not become the id of a session',
      why: 'an attacker plants one in a browser, and waits until its owner logs in',
      look: 'an option such as use_strict_mode; whether an unknown id is replaced',
      source: `OWASP ASVS 5.0, 7.2.1; ${STRICT}`,
      seen: (site) =>
        faultsWithAll(site, {
          letters: site.forge('attackerattackerattacker12'),
          hex: site.forge(random(32)),
          '64 hex digits': site.forge(random(64)),
          base64url: site.forge(signature()),
          'with a signature': site.forge(`${random(32)}.${signature()}`),
          'as express has it': site.forge(`s%3A${random(32)}.${signature()}`),
        }),
    },
    {
      id: 'planted-then-login',
      level: 'MUST',
      says: 'a planted id is worth nothing after the login',
      why: 'the attacker who planted it would be logged in as well (session fixation)',
      look: 'whether the login makes a new id even where there was no session',
      source: 'OWASP ASVS 5.0, 7.2.4; RFC 6265bis §8.4',
      async seen(site) {
        const cookies = site.forge(random(32));
        const { status } = await site.send('POST', '/login', { cookies, form: { user: 'ann' } });
        if (status >= 500) return `the login is answered ${status}`;
        const { body } = await site.send('GET', '/whoami', { cookies });
        return body === 'ann' ? 'the planted id is logged in' : undefined;
      },
    },
    {
      id: 'altered',
      level: 'MUST',
      says: 'a cookie with one letter changed opens nothing',
      why: 'a signature that is checked in part, or not at all, lets ids be guessed',
      look: 'how the signature is verified',
      source: `OWASP ASVS 5.0, 7.2.1; ${UNTRUSTED}`,
      async seen(site) {
        const visitor = await site.visitor('a', 'secret');
        const value = site.valueOf(visitor);
        const list = placesOf(value).map((place): [string, string] => [
          `place ${place} of ${value.length}`,
          site.change(visitor, () => altered(value, place)),
        ]);
        return faultsWithAll(site, Object.fromEntries(list));
      },
    },
    {
      id: 'truncated',
      level: 'MUST',
      says: 'a cookie that was cut opens nothing',
      why: 'a signature that is checked in part lets ids be guessed',
      look: 'how the signature is verified',
      source: `OWASP ASVS 5.0, 7.2.1; ${UNTRUSTED}`,
      async seen(site) {
        const visitor = await site.visitor('a', 'secret');
        return faultsWithAll(site, {
          '4 letters less': site.change(visitor, (value) => value.slice(0, -4)),
          half: site.change(visitor, (value) => value.slice(0, value.length >> 1)),
          'the first letter': site.change(visitor, (value) => value.slice(0, 1)),
        });
      },
    },
    {
      id: 'loose-end',
      level: 'SHOULD',
      says: 'a cookie with letters appended, or without its last one, opens nothing',
      why: 'a reader that stops early does not check what it has read',
      look: 'how the value is parsed',
      source: UNTRUSTED,
      async seen(site) {
        const visitor = await site.visitor('a', 'secret');
        return faultsWithAll(site, {
          '4 letters more': site.change(visitor, (value) => `${value}abcd`),
          '1 letter less': site.change(visitor, (value) => value.slice(0, -1)),
        });
      },
    },
    {
      id: 'resigned',
      level: 'MUST',
      says: 'one visitor’s id with another’s signature, or with none, opens nothing',
      why: 'a signature that is not bound to its id protects nothing',
      look: 'how the signature is verified',
      source: `OWASP ASVS 5.0, 7.2.1; ${SHEET}, “Considerations When Using Multiple Cookies”`,
      async seen(site) {
        const [one, other] = [await site.visitor('a', 'one'), await site.visitor('a', 'two')];
        return faultsWithAll(site, swapped(site, one, other));
      },
    },
    {
      id: 'empty',
      level: 'MUST',
      says: 'an empty cookie is that of a visitor without a session',
      why: 'a browser that holds one would see nothing but errors',
      look: 'how the Cookie header is parsed',
      source: UNTRUSTED,
      seen: (site) =>
        faultsWithAll(site, {
          'name=': site.forge(''),
          'the name alone': site.cookie.name,
          'name=""': site.forge('""'),
          'name=; x=1': site.forge('; x=1'),
        }),
    },
    {
      id: 'oversized',
      level: 'MUST',
      says: 'an oversized cookie causes no server error',
      why: 'the browser that holds it would see an error until it is deleted by hand',
      look: 'limits of lengths, in the layer and in its store',
      source: UNTRUSTED,
      seen: (site) =>
        faultsWithAll(site, {
          '4 KB': site.forge(random(64).repeat(64)),
          '7 KB': site.forge(`s%3A${'x'.repeat(7000)}.y`),
        }),
    },
    {
      id: 'bad-escapes',
      level: 'MUST',
      says: 'broken percent-encoding in the cookie causes no server error',
      why: 'the browser that holds it would see an error until it is deleted by hand',
      look: 'whether decodeURIComponent, or its like, may throw',
      source: UNTRUSTED,
      seen: (site) =>
        faultsWithAll(
          site,
          Object.fromEntries(
            ['%', '%zz', '%E0%A4%A', '%00', '%ff%fe', 's%3A%', 'a%0d%0ab'].map((value) => [
              value,
              site.forge(value),
            ]),
          ),
        ),
    },
    {
      id: 'odd-values',
      level: 'MUST',
      says: 'odd bytes, quotes and structures in the cookie cause no server error',
      why: 'the browser that holds it would see an error until it is deleted by hand',
      look: 'what the value is used for before it is verified: as JSON, a path, a key',
      source: UNTRUSTED,
      seen: (site) =>
        faultsWithAll(site, {
          'bytes that are no UTF-8': site.forge('\xff\xfe\xe9'),
          'UTF-8': site.forge(utf8('你好🙂')),
          JSON: site.forge('{"a":1}'),
          'j:': site.forge('j:{"a":1}'),
          's:': site.forge('s:'),
          points: site.forge('....'),
          'a path': site.forge('../../../../etc/passwd'),
          'JSON in base64': site.forge(base64('{"a":1,"user":"admin"}')),
          'null in base64': site.forge(base64('null')),
          'a number in base64': site.forge(base64('3')),
          'an array': `${site.cookie.name}[]=x`,
          'an object': `${site.cookie.name}[a]=x`,
          'the word __proto__': site.forge('__proto__'),
          'a comma': site.forge('a,b'),
          spaces: site.forge('a b'),
          'a tab': site.forge('a\tb'),
          'a star': site.forge('*'),
        }),
    },
    {
      id: 'quoted',
      level: 'MUST',
      says: 'the right value in quotes causes no server error',
      why: 'some programs put a value into quotes',
      look: 'how the Cookie header is parsed',
      source: 'RFC 6265bis §4.1.1',
      async seen(site) {
        const visitor = await site.visitor();
        const { status } = await site.read(
          site.change(visitor, (value) => `"${value}"`),
          'a',
        );
        return status >= 500 ? `answered ${status}` : undefined;
      },
    },
    {
      id: 'doubled',
      level: 'MUST',
      says: 'two cookies of one name cause no server error',
      why: 'browsers do send two, of different paths or domains',
      look: 'how the Cookie header is parsed',
      source: 'RFC 6265bis §4.2.2',
      async seen(site) {
        const visitor = await site.visitor();
        const faults: string[] = [];
        for (const [what, cookies] of bothOrders(site, visitor)) {
          const answers = [await site.read(cookies, 'a'), await site.write(cookies, 'b', '2')];
          for (const { status } of answers)
            if (status >= 500) faults.push(`${what}: answered ${status}`);
        }
        return told(faults);
      },
    },
    {
      id: 'doubled-found',
      level: 'SHOULD',
      says: 'of two cookies of one name the right one is found, in either order',
      why: 'a site that can plant a cookie could lock all visitors out',
      look: 'whether each value of that name is tried',
      source: 'RFC 6265bis §4.2.2: servers should not rely on the order',
      async seen(site) {
        const visitor = await site.visitor();
        const faults: string[] = [];
        for (const [what, cookies] of bothOrders(site, visitor)) {
          const { status } = await site.read(cookies, 'a');
          if (status !== 200) faults.push(`${what}: the read is answered ${status}`);
        }
        return told(faults);
      },
    },
    {
      id: 'among-others',
      level: 'MUST',
      says: 'other programs’ cookies, well-formed or not, do not hide the session',
      why: 'one bad cookie of an advertisement would log all visitors out',
      look: 'how the Cookie header is parsed: a bad pair must not spoil the others',
      source: 'RFC 6265bis §4.2',
      async seen(site) {
        const { cookies } = await site.visitor();
        const faults: string[] = [];
        for (const other of NEIGHBOURS) {
          const behind = await site.read(`${other}; ${cookies}`, 'a');
          const before = await site.read(`${cookies}; ${other}`, 'a');
          if (behind.status !== 200) faults.push(`behind «${short(other, 20)}»: ${behind.status}`);
          if (before.status !== 200) faults.push(`before «${short(other, 20)}»: ${before.status}`);
        }
        return told(faults);
      },
    },
  ],
};

/** Eight places all over the value whose letter may be changed: none in a percent-encoding. */
function placesOf(value: string): number[] {
  const places = [...value].flatMap((letter, place) => {
    const isEscape = /%.?$/.test(value.slice(Math.max(0, place - 2), place));
    // The last letters of base64 may hold bits that are not used.
    return /[a-z0-9]/i.test(letter) && !isEscape && place < value.length - 3 ? [place] : [];
  });
  const last = places.length - 1;
  const chosen = Array.from({ length: 8 }, (_, part) => places[Math.floor((last * part) / 7)]);
  return [...new Set(chosen.flatMap((place) => place ?? []))];
}

function altered(value: string, place: number): string {
  const letter = value.charAt(place);
  const digit = /\d/.test(letter) && String((Number(letter) + 3) % 10);
  const other = digit || (letter === 'a' ? 'b' : 'a');
  return value.slice(0, place) + other + value.slice(place + 1);
}

function swapped(site: Site, one: Browser, other: Browser): Record<string, string> {
  const { name, names } = site.cookie;
  if (names.length > 1) {
    const pairs = [...one.held].map(
      ([own, value]) => `${own}=${own === name ? value : other.held.get(own)}`,
    );
    return { 'the other’s signature cookie': pairs.join('; ') };
  }
  const [value, foreign] = [site.valueOf(one), site.valueOf(other)];
  const [point, foreignPoint] = [value.lastIndexOf('.'), foreign.lastIndexOf('.')];
  if (point < 16 || foreignPoint < 16 || value.length - point < 20)
    throw new NotLookedAt('the cookie has no signature that can be told from the id');
  return {
    'the other’s signature': site.forge(value.slice(0, point) + foreign.slice(foreignPoint)),
    'no signature': site.forge(value.slice(0, point)),
    'an empty signature': site.forge(value.slice(0, point + 1)),
  };
}

function bothOrders(site: Site, { cookies }: Browser): [what: string, cookies: string][] {
  const garbage = site.forge('garbage');
  return [
    ['the wrong one first', `${garbage}; ${cookies}`],
    ['the wrong one last', `${cookies}; ${garbage}`],
  ];
}
