import { randomBytes } from 'node:crypto';
import type { Group } from '../inspection.ts';
import { NoAnswer } from '../request.ts';
import { type Site, short } from '../site.ts';
import { OURS, told } from './common.ts';

/** Words that some language gives every object. */
const LANGUAGE_WORDS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  'length',
  '__defineGetter__',
  'then',
];
const MORE_WORDS = ['keys', 'items', 'get', 'pop', 'clear', '__class__', '__dict__'];
/** Words that some session layer uses itself. */
const LAYER_WORDS = [
  'cookie id save destroy regenerate reload touch isNew maxAge expires isChanged populated _expire',
  '_maxAge _session _permanent _fresh permanent modified sessionId encryptedSessionId cookies set',
  'session_key _session_expiry __expires createdAt csrf',
].flatMap((line) => line.split(' '));
const ODD_KEYS = [
  ...['0', '123', '-1', 'a.b', 'a|b', '!a', 'a b', 'a[b]', '$set', 'ключ', '键'],
  ...['a"b', "a'b", 'A'],
];
const TEXTS = [
  ...['é', '你好', '🙂👨‍👩‍👧', 'שלום', 'e\u0301', '"', "'", '\\', '\\u0041', 'a\r\nb', '\t '],
  ...[' lead and trail ', '</script>', '%41', '+', '&=;', 'a\u2028b', '\ufeffx'],
];
const LOOKALIKES = [
  ...['true', 'false', 'null', 'undefined', 'NaN', '0', '007', '1e3', '[]', '{"a":1}'],
  ...['2026-01-01T00:00:00.000Z', 'b:0;', 'Infinity'],
];

const REFUSED = 'a refusal with 4xx is right as well';

export const values: Group = {
  name: 'values',
  title: 'What the session holds',
  checks: [
    {
      id: 'overwrite-all',
      level: 'MUST',
      says: 'the last write is read, and GET /all shows what there is',
      why: 'a session holds what was written',
      look: 'how the session is stored',
      source: OURS,
      async seen(site) {
        const visitor = await site.visitor('a', '1');
        await visitor.mustSet('a', '2');
        await visitor.mustSet('b', '3');
        const { status, body } = await visitor.send('GET', '/all');
        if (status !== 200) return `GET /all is answered ${status}`;
        const all = parse(body);
        return all?.a === '2' && all.b === '3' ? undefined : `GET /all says ${short(body)}`;
      },
    },
    {
      id: 'delete',
      level: 'MUST',
      says: 'what was deleted is gone, and to delete what is not there harms nothing',
      why: 'a basket could not be emptied',
      look: 'how the session is stored',
      source: OURS,
      async seen(site) {
        const visitor = await site.visitor('a', '1');
        await visitor.mustSet('b', '2');
        const [del, never] = [await visitor.del('a'), await visitor.del('never')];
        if (del.status >= 400 || never.status >= 500)
          return `POST /del is answered ${del.status}, and ${never.status} for what is not there`;
        const [gone, kept] = [await visitor.get('a'), await visitor.get('b')];
        if (gone.status !== 404) return `what was deleted is answered ${gone.status}`;
        return kept.body === '2' ? undefined : `another key is then answered ${kept.status}`;
      },
    },
    {
      id: 'values-empty',
      level: 'MUST',
      says: 'an empty value is a value',
      why: 'a field that was left empty is not a field that is not there',
      look: 'conditions such as if (value)',
      source: OURS,
      seen: (site) => faultsWith(site, [['empty', '']]),
    },
    {
      id: 'values-text',
      level: 'MUST',
      says: 'text comes back as it was: scripts, emoji, quotes, lines',
      why: 'names and messages would be mutilated',
      look: 'how values are encoded',
      source: OURS,
      seen: (site) => faultsWith(site, numbered(TEXTS)),
    },
    {
      id: 'values-types',
      level: 'MUST',
      says: 'text that looks like a number, a date or JSON stays text',
      why: '007 would come back as 7',
      look: 'how values are encoded',
      source: OURS,
      seen: (site) => faultsWith(site, numbered(LOOKALIKES)),
    },
    {
      id: 'values-nul',
      level: 'SHOULD',
      says: 'a NUL in a value is kept or refused, not cut off',
      why: 'a value that is checked whole and stored in part',
      look: 'how values are stored',
      source: OURS,
      seen: (site) => faultsWith(site, numbered(['a\0b', '\0'])),
    },
    {
      id: 'values-4k',
      level: 'MUST',
      says: 'a value of 4 KB is kept, or refused with a 4xx',
      why: 'a browser ignores a cookie of more than 4096 bytes, and the whole session is lost',
      look: 'whether the session is kept in the cookie; limits of the store',
      source: 'OWASP ASVS 5.0, 3.3.5; RFC 6265bis §5.6',
      seen: (site) =>
        // Random, so that no compression makes it short.
        faultsWith(site, [
          ['letters', randomBytes(3072).toString('base64url')],
          ['ideographs', ideographs(1300)],
        ]),
    },
    {
      id: 'values-bad-utf8',
      level: 'SHOULD',
      says: 'bytes that are no UTF-8 cause no server error',
      why: 'anyone can send them',
      look: 'how the form is decoded',
      source: 'RFC 9110 §15.6',
      async seen(site) {
        const visitor = await site.visitor('a', '1');
        const faults: string[] = [];
        for (const bytes of ['%ff', '%ed%a0%80', '%c3']) {
          const write = await visitor.send('POST', '/set', { form: `key=b&value=${bytes}` });
          const [read, other] = [await visitor.get('b'), await visitor.get('a')];
          if (write.status >= 500 || read.status >= 500)
            faults.push(`${bytes}: the write is answered ${write.status}, the read ${read.status}`);
          if (other.body !== '1') faults.push(`${bytes}: another key is answered ${other.status}`);
        }
        return told(faults);
      },
    },
  ],
};

export const keys: Group = {
  name: 'keys',
  title: 'If visitors may choose keys',
  checks: [
    {
      id: 'keys-never-written',
      level: 'SHOULD',
      says: 'a key that was never written is not there: __proto__, toString, length …',
      why: 'a condition such as if (session[x]) would hold for words of the language',
      look: 'whether the data is in an object that inherits, or beside methods',
      source: 'CWE-1321',
      async seen(site) {
        const visitor = await site.visitor('a', '1');
        const faults: string[] = [];
        for (const key of [...LANGUAGE_WORDS, ...MORE_WORDS]) {
          const { status, body } = await visitor.get(key);
          if (status !== 404 && status !== 400)
            faults.push(`${key}: ${status} «${short(body, 20)}»`);
        }
        return told(faults);
      },
    },
    {
      id: 'keys-language',
      level: 'SHOULD',
      says: 'keys that are words of a language keep what is written',
      why: REFUSED,
      look: 'whether the data is in an object that inherits',
      source: 'CWE-1321',
      seen: (site) => faultsWith(site, LANGUAGE_WORDS.map(withValue)),
    },
    {
      id: 'keys-layer',
      level: 'SHOULD',
      says: 'keys that are the layer’s own words keep what is written',
      why: `one key that a visitor chose would break the session; ${REFUSED}`,
      look: 'whether the data lies beside the layer’s own fields',
      source: OURS,
      seen: (site) => faultsWith(site, LAYER_WORDS.map(withValue)),
    },
    {
      id: 'keys-odd',
      level: 'SHOULD',
      says: 'digits, points, bars, spaces and other scripts are keys like others',
      why: `what was written under them would be lost; ${REFUSED}`,
      look: 'how the session is serialized',
      source: OURS,
      seen: (site) => faultsWith(site, ODD_KEYS.map(withValue)),
    },
  ],
};

type Pair = readonly [key: string, value: string];

const withValue = (key: string): Pair => [key, 'v'];
const numbered = (texts: readonly string[]): Pair[] =>
  texts.map((text, number) => [`t${number}`, text]);

/** Writes each pair into a session of its own, reads it, and looks whether the session still works. */
async function faultsWith(site: Site, pairs: readonly Pair[]): Promise<string | undefined> {
  const faults: string[] = [];
  for (const [key, value] of pairs) {
    const name = `${short(key, 20)}=${short(value, 20)}`;
    try {
      faults.push(...(await faultsOf(site, key, value)).map((fault) => `${name}: ${fault}`));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      faults.push(`${name}: ${error.message}`);
    }
  }
  return told(faults);
}

async function faultsOf(site: Site, key: string, value: string): Promise<string[]> {
  const visitor = await site.visitor('before', '1');
  const faults: string[] = [];
  const write = await visitor.set(key, value);
  if (write.status >= 500) faults.push(`the write is answered ${write.status}`);
  if (write.status < 400) {
    const read = await visitor.get(key);
    if (read.status !== 200 || read.body !== value)
      faults.push(`the read is answered ${read.status} «${short(read.body, 20)}»`);
  }
  const [then, before] = [await visitor.set('then', '2'), await visitor.get('before')];
  if (then.status !== 200 || before.body !== '1')
    faults.push(`afterwards a write is answered ${then.status}, an earlier key ${before.status}`);
  return faults;
}

function ideographs(length: number): string {
  const one = () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000));
  return Array.from({ length }, one).join('');
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told as it is
  }
}
