import { isDeletion } from '../browser.ts';
import type { Group } from '../inspection.ts';
import { NotLookedAt, random, type Site, short } from '../site.ts';
import { SHEET, told } from './common.ts';

const READS = [pathTo('a'), '/all', '/whoami'];

function pathTo(key: string): string {
  return `/get?key=${key}`;
}

export const reading: Group = {
  name: 'reading',
  title: 'Reading creates nothing',
  checks: [
    {
      id: 'read-sets-nothing',
      level: 'SHOULD',
      says: 'reading makes no session and sets no cookie',
      why: 'each crawler and each health check would cost a session, and each page a cookie',
      look: 'when the session is created: at its first write, not at the first request',
      source: 'RFC 9110 §9.2.1 (safe methods)',
      async seen(site) {
        const browser = site.browser();
        const faults: string[] = [];
        for (const path of READS) {
          const { status, setCookies } = await browser.send('GET', path);
          for (const { line } of setCookies) faults.push(`GET ${path} sets ${short(line, 60)}`);
          if (status >= 500) faults.push(`GET ${path} is answered ${status}`);
        }
        return told(faults);
      },
    },
    {
      id: 'strangers-leave-nothing',
      level: 'SHOULD',
      says: 'visitors who only read leave nothing in the store',
      why: 'a store that grows by reading can be filled by anyone',
      look: 'an option such as saveUninitialized, and code that loads the session for each request',
      source: 'RFC 9110 §9.2.1 (safe methods)',
      when: 'alone',
      async seen(site) {
        const { strangers } = site.settings;
        const before = await count(site);
        for (let left = strangers; left > 0; left -= 1) await site.send('GET', pathTo('a'));
        const grown = (await count(site)) - before;
        return grown > 0 ? `${strangers} visitors left ${grown} sessions` : undefined;
      },
    },
    {
      id: 'del-by-stranger',
      level: 'SHOULD',
      says: 'deleting and logging out without a session make none',
      why: 'a request that changes nothing should cost nothing',
      look: 'whether the logout makes a new session in place of the old one',
      source: 'no standard: as reading',
      async seen(site) {
        const faults: string[] = [];
        for (const path of ['/del', '/logout']) {
          const browser = site.browser();
          const form = path === '/del' ? { form: { key: 'a' } } : {};
          const { status } = await browser.send('POST', path, form);
          if (status >= 500) faults.push(`POST ${path} is answered ${status}`);
          if (browser.cookies !== '')
            faults.push(`POST ${path} gives a cookie (${[...browser.held.keys()]})`);
        }
        return told(faults);
      },
    },
    {
      id: 'dead-reads-nothing',
      level: 'SHOULD',
      says: 'reading with a dead or foreign cookie makes no session either',
      why: 'a crawler with an old cookie would cost a session at each visit',
      look: 'what the layer does with an id that it does not find',
      source: `${SHEET}, “Session Expiration”`,
      async seen(site) {
        const user = await site.user();
        const dead = user.cookies;
        await user.logout();
        const faults: string[] = [];
        const headers = { garbage: site.forge('garbage'), hex: site.forge(random(32)) };
        // Where the cookie holds the session, a copy lives on after the logout.
        const all = { ...(site.cookie.holdsSession ? {} : { dead }), ...headers };
        for (const [what, cookies] of Object.entries(all)) {
          const { setCookies } = await site.read(cookies, 'a');
          const given = setCookies.filter((one) => !isDeletion(one) && one.value !== '');
          for (const { line } of given) faults.push(`${what}: ${short(line, 60)}`);
        }
        return told(faults);
      },
    },
    {
      id: 'fail-by-stranger',
      level: 'SHOULD',
      says: 'a visitor whose first request fails gets no session',
      why: 'an error would cost a session each time',
      look: 'whether the session is saved whatever the status of the answer',
      source: 'no standard: as reading',
      async seen(site) {
        const browser = site.browser();
        const { status } = await browser.fail('half', 'x');
        if (status === 404) throw new NotLookedAt('the adapter has no POST /fail');
        if (browser.cookies === '') return undefined;
        return `answered ${status}, with a cookie (${[...browser.held.keys()]})`;
      },
    },
  ],
};

async function count(site: Site): Promise<number> {
  const { status, body } = await site.send('GET', '/count');
  if (status !== 200) throw new NotLookedAt('the adapter has no GET /count');
  return Number(body);
}
