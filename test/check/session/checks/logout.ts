import { isDeletion } from '../browser.ts';
import type { Group } from '../inspection.ts';
import { NotLookedAt, type Site, short } from '../site.ts';
import { OURS, overtake, SHEET, signsOfLife, told } from './common.ts';

const ENDS = `OWASP ASVS 5.0, 7.4.1; ${SHEET}, “Manual Session Expiration”`;
const CLEARS = `${SHEET}, “Session Expiration”`;

export const logout: Group = {
  name: 'logout',
  title: 'Logout',
  checks: [
    {
      id: 'logout-ends',
      level: 'MUST',
      says: 'a logout ends the session on the server: the old cookie is dead',
      why: 'an attacker with a copy of the cookie would stay logged in',
      look: 'the framework’s call that deletes the session in the store',
      source: ENDS,
      needsStore: true,
      async seen(site) {
        const user = await userWith(site);
        const before = user.cookies;
        const { status } = await user.logout();
        if (status >= 400) return `POST /logout is answered ${status}`;
        return signsOfLife(site, before, 'a');
      },
    },
    {
      id: 'logout-browser',
      level: 'MUST',
      says: 'after the logout the browser has no session',
      why: 'the next person at this browser would be logged in',
      look: 'what the logout leaves in the session, or in the cookie',
      source: ENDS,
      async seen(site) {
        const user = await userWith(site);
        await user.logout();
        const [name, { status }] = [await user.whoami(), await user.get('a')];
        if (name === '' && status !== 200) return undefined;
        return `GET /whoami says «${short(name, 20)}», and GET /get?key=a is answered ${status}`;
      },
    },
    {
      id: 'logout-clears',
      level: 'SHOULD',
      says: 'the logout takes the cookie back',
      why: 'a dead cookie would be sent with each request',
      look: 'whether the logout sends the cookie with a past end',
      source: CLEARS,
      async seen(site) {
        const user = await userWith(site);
        const { setCookies } = await user.logout();
        if (user.cookies === '') return undefined;
        const lines = setCookies.map(({ line }) => short(line)).join(' | ');
        return `the browser still holds ${[...user.held.keys()].join(', ')} (Set-Cookie: ${lines || 'none'})`;
      },
    },
    {
      id: 'logout-clears-same',
      level: 'SHOULD',
      says: 'the cookie is taken back with the Path and Domain that it was given with',
      why: 'a browser takes it for another cookie, and keeps the one that it has',
      look: 'whether the cookie’s options are passed where it is cleared',
      source: 'RFC 6265bis §5.7',
      async seen(site) {
        const user = site.browser();
        const given = [...(await user.mustSet('a', '1')).setCookies];
        given.push(...(await user.mustLogin('ann')).setCookies);
        const { setCookies } = await user.logout();
        const cleared = setCookies.filter(isDeletion);
        if (cleared.length === 0)
          throw new NotLookedAt('no cookie is taken back: see logout-clears');
        const faults = cleared.flatMap(({ name, line, attributes }) => {
          const original = given.findLast((one) => one.name === name && !isDeletion(one));
          if (original === undefined) return [];
          // With such a prefix, a field without Secure is ignored.
          const isPrefixed = /^__(?:host|secure)-/i.test(name);
          const differs = ['path', 'domain', ...(isPrefixed ? ['secure'] : [])].filter(
            (key) => attributes.get(key) !== original.attributes.get(key),
          );
          return differs.length === 0 ? [] : [`${differs.join(', ')} differs: ${short(line, 120)}`];
        });
        return told(faults);
      },
    },
    {
      id: 'logout-twice',
      level: 'MUST',
      says: 'a second logout, with the dead cookie or without, causes no server error',
      why: 'a double click would show an error',
      look: 'what deleting does when there is nothing to delete',
      source: 'RFC 9110 §15.6',
      async seen(site) {
        const user = await userWith(site);
        const before = user.cookies;
        await user.logout();
        const dead = await site.send('POST', '/logout', { cookies: before });
        const again = await user.logout();
        if (dead.status < 500 && again.status < 500) return undefined;
        return `answered ${dead.status} with the dead cookie, ${again.status} without`;
      },
    },
    {
      id: 'logout-new-id',
      level: 'MUST',
      says: 'a write after the logout makes a session with another id',
      why: 'an attacker with a copy of the cookie would share the next visitor’s session',
      look: 'whether an id that is not in the store is replaced, even if its signature is right',
      source: `${SHEET}, “Permissive and Strict Session Management”`,
      async seen(site) {
        const user = await userWith(site);
        const before = user.cookies;
        await user.logout();
        const { status } = await site.write(before, 'n', '1');
        // Where the cookie holds the session, it is a copy that is read.
        if (status >= 300 || site.cookie.holdsSession) return undefined;
        const read = await site.read(before, 'n');
        return read.status === 200 ? 'the dead id is the id of a session again' : undefined;
      },
    },
    {
      id: 'logout-race',
      level: 'MUST',
      says: 'a write in flight does not revive the session that was ended',
      why: 'a slow request would log the old cookie in again',
      look: 'how the session is saved when a handler ends: only if it is still there',
      source: ENDS,
      needsStore: true,
      async seen(site) {
        const { before, slow } = await writeDuring(site, false);
        const signs = await signsOfLife(site, before, 'late');
        return signs && `the write is answered ${slow.status}; then ${signs}`;
      },
    },
    {
      id: 'logout-race-browser',
      level: 'MUST',
      says: 'the late answer of a write does not log the browser in again',
      why: 'the next person at this browser would be logged in',
      look: 'whether a write sends the cookie again',
      source: ENDS,
      needsStore: true,
      async seen(site) {
        const { browser } = await writeDuring(site, true);
        const name = await browser.whoami();
        return name === '' ? undefined : `GET /whoami says «${short(name, 20)}» after it`;
      },
    },
    {
      id: 'logout-late-honest',
      level: 'SHOULD',
      says: 'a write that the logout overtook is not answered 200, unless it is kept',
      why: 'it was said to be stored, and is lost',
      look: 'whether saving tells that the session has gone',
      source: OURS,
      async seen(site) {
        const { slow, inTurn } = await writeDuring(site, false);
        if (inTurn || slow.status !== 200) return undefined;
        const other = site.browser();
        other.take(slow.setCookies);
        // It may have made a session of its own.
        const kept = other.cookies !== '' && (await other.get('late')).status === 200;
        return kept ? undefined : 'answered 200, and no session has what was written';
      },
    },
  ],
};

async function userWith(site: Site) {
  const user = await site.user('ann');
  await user.mustSet('a', '1');
  return user;
}

/** A user's slow write, and a logout meanwhile. @param isSeen whether the browser takes its answer */
function writeDuring(site: Site, isSeen: boolean) {
  return overtake(site, {
    prepare: () => userWith(site),
    slow: (browser, ms, before) =>
      isSeen ? browser.set('late', '1', ms) : site.write(before, 'late', '1', ms),
    quick: (browser) => browser.logout(),
  });
}
