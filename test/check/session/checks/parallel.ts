import { type Browser, pathOf } from '../browser.ts';
import type { Group } from '../inspection.ts';
import { type Answer, type Head, sendAndLeave } from '../request.ts';
import { NotLookedAt, type Site, short } from '../site.ts';
import { holdOf, OURS, overtake, told } from './common.ts';

const WRITERS = 6;
const VISITORS = 6;
const TURNS = 6;

export const parallel: Group = {
  name: 'parallel',
  title: 'Requests at the same time, and requests that fail',
  checks: [
    {
      id: 'parallel-keys',
      level: 'SHOULD',
      says: 'of parallel writes of different keys none is lost',
      why: 'each tab, and each request of a page, would undo the others’ work',
      look: 'whether the whole session is written back, or only what was changed',
      source: OURS,
      needsStore: true,
      async seen(site) {
        const visitor = await site.visitor();
        const ms = holdOf(site, visitor);
        const numbers = Array.from({ length: WRITERS }, (_, number) => number);
        const answers = await Promise.all(
          numbers.map((number) => visitor.set(`p${number}`, `v${number}`, ms)),
        );
        const stored = numbers.filter((number) => answers[number]?.status === 200);
        const kept: number[] = [];
        for (const number of stored)
          if ((await visitor.get(`p${number}`)).body === `v${number}`) kept.push(number);
        if (kept.length === stored.length) return undefined;
        return `of ${stored.length} writes that were answered 200, ${kept.length} are kept`;
      },
    },
    {
      id: 'parallel-del',
      level: 'SHOULD',
      says: 'a write in flight does not bring back what was deleted meanwhile, and is kept itself',
      why: 'a basket that was emptied would be full again',
      look: 'whether the whole session is written back, or only what was changed',
      source: OURS,
      needsStore: true,
      async seen(site) {
        const { browser, slow } = await overtake(site, {
          prepare: () => site.visitor('gone', '1'),
          slow: (visitor, ms) => visitor.set('late', '1', ms),
          quick: (visitor) => visitor.del('gone'),
        });
        const [gone, late] = [await browser.get('gone'), await browser.get('late')];
        if (gone.status === 200) return 'what was deleted is back';
        if (slow.status === 200 && late.status !== 200)
          return 'it stays deleted, but the write that was answered 200 is lost';
        return undefined;
      },
    },
    {
      id: 'parallel-one-key',
      level: 'MUST',
      says: 'of parallel writes of one key one value remains',
      why: 'a mixture of two values is neither',
      look: 'how a write reaches the store',
      source: OURS,
      async seen(site) {
        const visitor = await site.visitor();
        const ms = holdOf(site, visitor);
        const values = Array.from({ length: WRITERS }, (_, number) => `v${number}`);
        await Promise.all(values.map((value) => visitor.set('same', value, ms)));
        const { status, body } = await visitor.get('same');
        if (status === 200 && values.includes(body)) return undefined;
        return `it is answered ${status} «${short(body, 30)}»`;
      },
    },
    {
      id: 'visitors-apart',
      level: 'MUST',
      says: 'visitors never see each other’s session, at the same time either',
      why: 'one would be in another’s account',
      look: 'anything that is kept between two requests outside the session',
      source: 'OWASP ASVS 5.0, chapter 7: sessions are unique to each individual',
      async seen(site) {
        const visits = Array.from({ length: VISITORS }, (_, number) => visit(site, number));
        return told((await Promise.all(visits)).flat());
      },
    },
    {
      id: 'slow-blocks-no-other',
      level: 'SHOULD',
      says: 'a slow request does not hold up the visitor’s other requests',
      why: 'the requests of a page, and of all tabs, would wait for each other',
      look: 'a lock on the session during the whole request',
      source: 'no standard',
      async seen(site) {
        const beside = (quick: (cookies: string) => Promise<Answer>) =>
          overtake(site, {
            prepare: () => site.visitor(),
            slow: (visitor, ms) => visitor.set('late', '1', ms),
            quick: (_, before) => quick(before),
          });
        const own = await beside((cookies) => site.read(cookies, 'a'));
        if (!own.inTurn) return undefined;
        const stranger = await beside(() => site.read('', 'a'));
        if (stranger.inTurn) throw new NotLookedAt('the server answers one request at a time');
        return `a read took ${Math.round(own.quick.ms)} ms beside a slow write; another visitor’s ${Math.round(stranger.quick.ms)} ms`;
      },
    },
    {
      id: 'stored-before-answer',
      level: 'MUST',
      says: 'the answer to a write arrives only after the session is stored',
      why: 'the next request would not find what was just written',
      look: 'whether the head of the answer is sent before the store has confirmed',
      source: OURS,
      async seen(site) {
        const visitor = await site.visitor('n', '0');
        const rounds = 40;
        let stale = 0;
        for (let round = 1; round <= rounds; round += 1) {
          const { answer, read } = await readAtHead(visitor, 'n', (onHead) =>
            visitor.send('POST', '/set', { form: { key: 'n', value: String(round) }, onHead }),
          );
          if (answer.status === 200 && read.body !== String(round)) stale += 1;
        }
        if (stale === 0) return undefined;
        return `${stale} of ${rounds} reads that were sent at the head of the answer are stale`;
      },
    },
    {
      id: 'first-write-stored',
      level: 'MUST',
      says: 'the answer to a first login arrives only after the session is stored',
      why: 'the page after the login would not know the user',
      look: 'whether the head of the answer is sent before the store has confirmed',
      source: OURS,
      async seen(site) {
        const rounds = 15;
        let unknown = 0;
        for (let round = 0; round < rounds; round += 1) {
          const browser = site.browser();
          const { answer, read } = await readAtHead(browser, undefined, (onHead) =>
            browser.send('POST', '/login', { form: { user: 'ann' }, onHead }),
          );
          if (answer.status === 200 && read.body !== 'ann') unknown += 1;
        }
        if (unknown === 0) return undefined;
        return `${unknown} of ${rounds} logins were unknown to a request that was sent at the head of the answer`;
      },
    },
    {
      id: 'broken-off',
      level: 'MUST',
      says: 'a client that goes away during a request leaves the session whole',
      why: 'a closed tab would cost the session',
      look: 'what happens to the session when the connection breaks',
      source: OURS,
      async seen(site) {
        const visitor = await site.visitor('a', '1');
        const ms = site.settings.leadMs + holdOf(site, visitor);
        const form = { key: 'x', value: '1', ms: String(ms) };
        const { cookies } = visitor;
        await sendAndLeave(site.settings, '/set', { cookies, form }, site.settings.leadMs);
        // It waits as long, and began later: by then the one that was broken off has ended.
        await (await site.visitor()).set('beside', '1', ms);
        const [before, write] = [await visitor.get('a'), await visitor.set('b', '2')];
        const after = await visitor.get('b');
        if (before.body === '1' && write.status === 200 && after.body === '2') return undefined;
        return `afterwards a read is answered ${before.status}, a write ${write.status}, its value ${after.status}`;
      },
    },
    {
      id: 'fail-keeps',
      level: 'MUST',
      says: 'a handler that fails leaves what was there',
      why: 'an error would cost the session',
      look: 'what the error handler does with the session',
      source: OURS,
      async seen(site) {
        const visitor = await failing(site);
        const [before, write] = [await visitor.get('a'), await visitor.set('b', '2')];
        const after = await visitor.get('b');
        if (before.body === '1' && write.status === 200 && after.body === '2') return undefined;
        return `afterwards a read is answered ${before.status}, a write ${write.status}, its value ${after.status}`;
      },
    },
    {
      id: 'fail-stores-nothing',
      level: 'SHOULD',
      says: 'what a handler wrote before it failed is not stored',
      why: 'half of what was to be done is done',
      look: 'whether the session is saved whatever the status of the answer',
      source: 'no standard: an error means that nothing was done',
      async seen(site) {
        const { status } = await (await failing(site)).get('half');
        return status === 200 ? 'it is read back' : undefined;
      },
    },
  ],
};

/** One visitor's turns of writing and reading, beside those of the others. */
async function visit(site: Site, number: number): Promise<string[]> {
  const faults: string[] = [];
  const visitor = await site.visitor('me', 'x');
  await visitor.mustLogin(`user${number}`);
  for (let turn = 0; turn < TURNS; turn += 1) {
    // Different waits mix the turns of the visitors.
    await visitor.set('me', `${number}.${turn}`, 1 + ((number * 13 + turn * 5) % 30));
    const [{ body }, name] = [await visitor.get('me'), await visitor.whoami()];
    if (body !== `${number}.${turn}`) faults.push(`visitor ${number} reads «${short(body, 20)}»`);
    if (name !== `user${number}`) faults.push(`user${number} is «${short(name, 20)}»`);
  }
  return faults;
}

/** A visitor one of whose requests has failed. */
async function failing(site: Site) {
  const visitor = await site.visitor('a', '1');
  const { status } = await visitor.fail('half', 'x');
  if (status === 404) throw new NotLookedAt('the adapter has no POST /fail');
  if (status < 500) throw new Error(`POST /fail is answered ${status}`);
  return visitor;
}

/** Reads as soon as the head of an answer is there. @param key to read; the user if left out */
async function readAtHead(
  browser: Browser,
  key: string | undefined,
  write: (onHead: (head: Head) => void) => Promise<Answer>,
): Promise<{ answer: Answer; read: Answer }> {
  let read: Promise<Answer> | undefined;
  const answer = await write(({ setCookies }) => {
    const reader = browser.copy();
    reader.take(setCookies);
    read = reader.send('GET', key === undefined ? '/whoami' : pathOf(key));
    read.catch(() => {}); // awaited below
  });
  if (read === undefined) throw new Error('an answer without a head');
  return { answer, read: await read };
}
