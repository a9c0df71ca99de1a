import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { Group } from '../inspection.ts';
import { NotLookedAt, random, type Site, short } from '../site.ts';
import { SHEET, told } from './common.ts';

const SAMPLE = 40;
/** How often a text is decoded again, and how many texts are looked at. */
const ROUNDS = 4;
const MAX_TEXTS = 4000;

export const ids: Group = {
  name: 'id',
  title: 'The id',
  checks: [
    {
      id: 'id-fresh',
      level: 'MUST',
      says: 'each visitor gets an id of its own',
      why: 'two visitors with one id are in one session',
      look: 'how ids are made',
      source: 'OWASP ASVS 5.0, 7.2.3',
      async seen(site) {
        const values = new Set<string>();
        for (let left = 20; left > 0; left -= 1)
          values.add((await site.visitor('fresh', String(left))).cookies);
        return values.size < 20 ? `20 visitors got ${values.size} different cookies` : undefined;
      },
    },
    {
      id: 'id-64-bits',
      level: 'MUST',
      says: 'an id has 64 random bits or more, as far as can be estimated',
      why: 'shorter ones can be guessed',
      look: 'how ids are made',
      source: `${SHEET}, “Session ID Entropy”`,
      seen: (site) => tooShort(site, 64),
    },
    {
      id: 'id-128-bits',
      level: 'SHOULD',
      says: 'an id has 128 random bits or more, as far as can be estimated',
      why: 'the verification standard asks for 128; a random UUID has 122',
      look: 'how ids are made',
      source: 'OWASP ASVS 5.0, 7.2.3',
      seen: (site) => tooShort(site, 128),
    },
    {
      id: 'data-not-in-cookie',
      level: 'MUST',
      says: 'what the session holds cannot be read in the cookie',
      why: 'a proxy, a log or a script that gets hold of the cookie can read it',
      look: 'whether the session is kept in the cookie, and then whether it is encrypted',
      source: `OWASP ASVS 5.0, 14.3.3; ${SHEET}, “Session ID Content”`,
      async seen(site) {
        const [key, value, user] = [`k${random(14)}`, `v${random(14)}`, `u${random(14)}`];
        const visitor = await site.visitor(key, value);
        await visitor.mustLogin(user);
        await visitor.mustSet(key, value);
        return readable([...visitor.held.values()], [key, value, user]);
      },
    },
    {
      id: 'id-in-url',
      level: 'MUST',
      says: 'the id is taken from the cookie only, not from the address',
      why: 'ids in addresses end up in logs, in Referer, and in links that are passed on',
      look: 'an option such as use_only_cookies',
      source: `OWASP ASVS 5.0, 14.2.1; ${SHEET}, “Used vs. Accepted Session ID Exchange Mechanisms”`,
      async seen(site) {
        const user = await site.user();
        const [name = '', value = ''] = [...user.held][0] ?? [];
        const faults: string[] = [];
        const fields = [name, 'sid', 'PHPSESSID', 'jsessionid', 'session', 'session_id'];
        const paths = fields.flatMap((field) =>
          [value, decoded(value)].map((id) => `/whoami?${encode(field)}=${encode(id)}`),
        );
        for (const path of [...paths, `/whoami;jsessionid=${encode(value)}`]) {
          const { status, body } = await site.send('GET', path);
          const [begin] = path.split('=');
          if (status === 200 && body === 'ann') faults.push(`${begin}=… opens the session`);
          if (status >= 500) faults.push(`${begin}=… is answered ${status}`);
        }
        return told(faults);
      },
    },
  ],
};

const encode = encodeURIComponent;

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

async function tooShort(site: Site, wanted: number): Promise<string | undefined> {
  if (site.cookie.holdsSession) throw new NotLookedAt('the cookie holds the session: it has no id');
  const sample: string[] = [];
  for (let left = SAMPLE; left > 0; left -= 1) {
    const value = decoded(site.valueOf(await site.visitor()));
    // Behind the last point stands a signature; express writes «s:» in front.
    sample.push(value.replace(/^s:/, '').split('.')[0] ?? '');
  }
  const { bits, places, letters } = entropyOf(sample);
  return bits >= wanted
    ? undefined
    : `about ${bits} bits: ${places} places with some ${letters} letters, such as ${short(sample[0] ?? '', 50)}`;
}

/** An estimate from above: the places that vary, and the letters that are used there. */
function entropyOf(sample: readonly string[]) {
  const length = Math.min(...sample.map((id) => id.length));
  const columns = Array.from({ length }, (_, place) => new Set(sample.map((id) => id[place])));
  const varying = columns.filter(({ size }) => size > 1);
  const letters = new Set(varying.flatMap((column) => [...column])).size;
  const alphabet = [10, 16, 32, 36, 62, 64].find((size) => size >= letters) ?? letters;
  const bits = varying.reduce(
    // Few letters in one place are all that there are: the last place, or a UUID's variant.
    (sum, { size }) => sum + Math.log2(size <= 4 ? size : alphabet),
    0,
  );
  return { bits: Math.floor(bits), places: varying.length, letters };
}

/** Decodes base64, hex and deflate, one in another, and looks for the texts. */
function readable(values: readonly string[], wanted: readonly string[]): string | undefined {
  let texts = values.flatMap((value) => [value, decoded(value)]);
  const known = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const next: string[] = [];
    for (const text of texts) {
      if (known.has(text) || known.size > MAX_TEXTS) continue;
      known.add(text);
      const found = wanted.find((one) => text.includes(one));
      if (found !== undefined) {
        const begin = Math.max(0, text.indexOf(found) - 20);
        return `readable after ${round} steps of decoding: ${short(text.slice(begin, begin + 60))}`;
      }
      const parts = [text, ...text.split(/[.|:~!&;]/), text.replace(/^s:|^\./, '')];
      next.push(...parts.filter((part) => part.length > 8).flatMap(decodings));
    }
    texts = next;
  }
  return undefined;
}

function decodings(text: string): string[] {
  const buffers = [Buffer.from(text, 'latin1')];
  if (/^[\w+/=-]+$/.test(text)) buffers.push(Buffer.from(text, 'base64'), Buffer.from(text, 'hex'));
  return buffers.flatMap((buffer) => [
    buffer.toString('latin1'),
    ...[inflateSync, inflateRawSync, gunzipSync].flatMap((inflate) => {
      try {
        return [inflate(buffer).toString('latin1')];
      } catch {
        return []; // not deflated
      }
    }),
  ]);
}
