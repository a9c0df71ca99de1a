import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../browser.ts';
import type { Group } from '../inspection.ts';
import type { Answer } from '../request.ts';
import { NotLookedAt, type Site, short } from '../site.ts';
import { holdOf, OURS, overtake, SHEET, signsOfLife, told } from './common.ts';

const RENEW = `OWASP ASVS 5.0, 7.2.4; ${SHEET}, “Renew the Session ID After Any Privilege Level Change”`;

export const login: Group = {
  name: 'login',
  title: 'Login',
  checks: [
    {
      id: 'login-renews',
      level: 'MUST',
      says: 'a login gives a new id',
      why: 'an attacker who planted the old one would be logged in as well (session fixation)',
      look: 'the framework’s call for it: regenerate, cycle_key, session_regenerate_id',
      source: RENEW,
      async seen(site) {
        const visitor = await site.visitor('cart', '1');
        const before = visitor.cookies;
        await visitor.mustLogin('ann');
        const user = await visitor.whoami();
        if (user !== 'ann') return `GET /whoami says «${short(user, 30)}» after the login`;
        return before === visitor.cookies ? 'the same cookie before and after' : undefined;
      },
    },
    {
      id: 'login-old-dead',
      level: 'MUST',
      says: 'the id from before the login is dead at once',
      why: 'an attacker who knew it could look on',
      look: 'whether the old session is deleted, and not only a new one made',
      source: RENEW,
      needsStore: true,
      async seen(site) {
        const visitor = await site.visitor('cart', '1');
        const before = visitor.cookies;
        await visitor.mustLogin('ann');
        await visitor.mustSet('after', '1');
        return signsOfLife(site, before, 'cart');
      },
    },
    {
      id: 'login-keeps-data',
      level: 'SHOULD',
      says: 'what a visitor wrote before the login is there after it',
      why: 'a basket that was filled before the login would be empty',
      look: 'whether the login copies the data of the anonymous session; a program may do so itself',
      source: 'no standard: a visitor’s own data',
      async seen(site) {
        const visitor = await site.visitor('cart', 'apples');
        await visitor.mustLogin('ann');
        const { status, body } = await visitor.get('cart');
        if (status === 200 && body === 'apples') return undefined;
        return `GET /get?key=cart is answered ${status} after the login`;
      },
    },
    {
      id: 'login-no-leak',
      level: 'MUST',
      says: 'another user who logs in on the same browser does not see the first one’s data',
      why: 'on a shared computer the next person would read the last one’s data',
      look: 'whether the login keeps the data of another user; a program may drop it itself',
      source: 'no standard: each user’s own data',
      async seen(site) {
        const user = await site.user('ann');
        await user.mustSet('private', 'anns');
        await user.mustLogin('bob');
        const name = await user.whoami();
        if (name !== 'bob') return `GET /whoami says «${short(name, 20)}» after bob’s login`;
        const { status, body } = await user.get('private');
        return status === 200 ? `bob reads «${short(body, 20)}»` : undefined;
      },
    },
    {
      id: 'relogin-renews',
      level: 'SHOULD',
      says: 'a second login of the same user gives a new id, and the old one is dead',
      why: 'a session that was stolen meanwhile would go on',
      look: 'whether the renewal depends on who is logged in',
      source: 'OWASP ASVS 5.0, 7.2.4 (re-authentication)',
      needsStore: true,
      async seen(site) {
        const user = await site.user('ann');
        const before = user.cookies;
        await user.mustLogin('ann');
        return before === user.cookies ? 'the same cookie' : signsOfLife(site, before, 'a');
      },
    },
    {
      id: 'two-browsers',
      level: 'MUST',
      says: 'one user in two browsers has two sessions, and to log one out leaves the other',
      why: 'a session belongs to a browser, not to a user',
      look: 'whether the session’s id depends on the user',
      source: 'OWASP ASVS 5.0, 7.2.3 (unique)',
      async seen(site) {
        const [one, other] = [await site.user('ann'), await site.user('ann')];
        await one.mustSet('x', '1');
        const { status } = await other.get('x');
        await one.logout();
        const name = await other.whoami();
        if (status === 200) return 'both browsers read the same data';
        return name === 'ann' ? undefined : `the other browser is then «${short(name, 20)}»`;
      },
    },
    {
      id: 'login-race',
      level: 'MUST',
      says: 'a write in flight at the login does not keep the old id alive',
      why: 'an id that was planted would live on',
      look: 'how the session is saved when a handler ends: only if it is still there',
      source: RENEW,
      needsStore: true,
      async seen(site) {
        const { browser, before, slow, quick } = await writeDuring(site, false);
        const signs =
          (await signsOfLife(site, before, 'late')) ?? (await signsOfLife(site, before, 'cart'));
        if (signs) return `the write is answered ${slow.status}; then ${signs}`;
        const name = await browser.whoami();
        if (name === 'ann') return undefined;
        return `the login is answered ${quick.status}, and then GET /whoami says «${short(name, 20)}»`;
      },
    },
    {
      id: 'login-race-browser',
      level: 'MUST',
      says: 'the late answer of a write does not log the browser out again',
      why: 'a slow request of the page would undo the login',
      look: 'whether a write sends the cookie again',
      source: 'no standard: a login that was answered 200 holds',
      needsStore: true,
      async seen(site) {
        const { browser } = await writeDuring(site, true);
        const name = await browser.whoami();
        return name === 'ann' ? undefined : `GET /whoami says «${short(name, 20)}» after it`;
      },
    },
    {
      id: 'late-first-write',
      level: 'SHOULD',
      says: 'a first write that the login overtook does not log the browser out again',
      why: 'the answer brings a visitor’s cookie, which takes the place of the user’s',
      look: 'whether visitors and users have cookies of different names',
      source: `${SHEET}, “Renew the Session ID After Any Privilege Level Change”`,
      async seen(site) {
        const { browser, slow } = await overtake(site, {
          prepare: async () => site.browser(),
          slow: (browser, ms) => browser.set('late', '1', ms),
          quick: (browser) => browser.login('ann'),
        });
        const name = await browser.whoami();
        if (name === 'ann') return undefined;
        return `the write is answered ${slow.status}, and then GET /whoami says «${short(name, 20)}»`;
      },
    },
    {
      id: 'login-twice',
      level: 'SHOULD',
      says: 'a login that is sent twice at once leaves the visitor logged in, with what they had',
      why: 'a double click would empty the basket',
      look: 'what the second login does when the first has renewed the session already',
      source: 'no standard: a visitor’s own data',
      async seen(site) {
        const alone = await site.visitor('cart', 'apples');
        await alone.mustLogin('ann');
        if ((await alone.get('cart')).status !== 200)
          throw new NotLookedAt('a single login keeps nothing either: see login-keeps-data');
        const { visitor, one, other } = await loginTwice(site);
        // Either answer may arrive last.
        const faults = [
          await faultAfter(visitor.copy(), one, other),
          await faultAfter(visitor.copy(), other, one),
        ];
        return told(faults.flatMap((fault) => fault ?? []));
      },
    },
    {
      id: 'login-late-honest',
      level: 'SHOULD',
      says: 'a write that the login overtook is there after it, or is not answered 200',
      why: 'it was said to be stored, and is lost',
      look: 'whether saving tells that the session has gone',
      source: OURS,
      needsStore: true,
      async seen(site) {
        const { browser, slow, inTurn } = await writeDuring(site, false);
        if (inTurn || slow.status !== 200) return undefined;
        const { status } = await browser.get('late');
        return status === 200 ? undefined : 'answered 200, and the user cannot read it';
      },
    },
  ],
};

/** A visitor's slow write, and a login meanwhile. @param isSeen whether the browser takes its answer */
function writeDuring(site: Site, isSeen: boolean) {
  return overtake(site, {
    prepare: () => site.visitor('cart', '1'),
    slow: (browser, ms, before) =>
      isSeen ? browser.set('late', '1', ms) : site.write(before, 'late', '1', ms),
    quick: (browser) => browser.login('ann'),
  });
}

/** Two logins with one visitor's cookie; both wait in their handlers at the same time. */
async function loginTwice(site: Site) {
  async function run(times: number) {
    const visitor = await site.visitor('cart', 'apples');
    const lead = times * site.settings.leadMs;
    const hold = times * holdOf(site, visitor);
    const begin = performance.now();
    const [one, other] = await Promise.all([
      visitor.copy().login('ann', lead + hold),
      sleep(lead).then(() => visitor.copy().login('ann', hold)),
    ]);
    // The second cannot have begun later, nor the first ended earlier.
    const overlap = other.endedAt - hold < begin + lead + hold;
    return { visitor, one, other, overlap };
  }
  const first = await run(1);
  return first.overlap ? first : run(4);
}

/** What is wrong for a browser that receives the answers to its two logins in this order. */
async function faultAfter(browser: Browser, first: Answer, last: Answer) {
  browser.take(first.setCookies);
  browser.take(last.setCookies);
  const [name, { status }] = [await browser.whoami(), await browser.get('cart')];
  if (name === 'ann' && status === 200) return undefined;
  const statuses = `${first.status} and ${last.status}`;
  return `answered ${statuses}; then GET /whoami says «${short(name, 20)}», and the basket is answered ${status}`;
}
