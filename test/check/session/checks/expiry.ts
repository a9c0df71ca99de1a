import { setTimeout as sleep } from 'node:timers/promises';
import type { Group } from '../inspection.ts';
import { NotLookedAt, type Site } from '../site.ts';
import { SHEET, signsOfLife } from './common.ts';

/** Between two uses, and until a session must have ended, as parts of IDLE. */
const USE = 0.4;
const UNUSED = 1.6;
/** Layers that count in whole seconds may end a session up to a second late. */
const ROUNDING_MS = 1000;

export const expiry: Group = {
  name: 'expiry',
  title: 'Expiry',
  checks: [
    {
      id: 'idle-ends',
      level: 'MUST',
      says: 'a session that is not used ends on the server',
      why: 'a browser that was left open is a session for the next person',
      look: 'whether the store has a clock, or only the cookie',
      source: `OWASP ASVS 5.0, 7.3.1; ${SHEET}, “Idle Timeout”`,
      when: 'waiting',
      async seen(site) {
        const { cookies, look } = await unused(site);
        const signs = await look(() => signsOfLife(site, cookies, 'a'));
        return signs && `after ${unusedMs(site) / 1000} s ${signs}`;
      },
    },
    {
      id: 'idle-use-prolongs',
      level: 'SHOULD',
      says: 'a session that is read again and again does not end meanwhile',
      why: 'a user would be logged out in the middle of reading',
      look: 'whether a read counts as a use',
      source: `${SHEET}, “Idle Timeout”`,
      when: 'waiting',
      async seen(site) {
        const idle = idleOf(site);
        const { maxMs = Number.POSITIVE_INFINITY } = site.settings;
        const user = await site.user();
        const begin = performance.now();
        const end = begin + Math.min(idle * UNUSED + ROUNDING_MS, maxMs - idle);
        return useUntil(end, idle, async () => {
          const name = await user.whoami();
          const seconds = ((performance.now() - begin) / 1000).toFixed(1);
          return name === 'ann' ? undefined : `after ${seconds} s GET /whoami says «${name}»`;
        });
      },
    },
    {
      id: 'max-ends',
      level: 'MUST',
      says: 'a session that is used again and again ends all the same in the end',
      why: 'a stolen cookie that is used every few minutes would live for ever',
      look: 'an absolute lifetime beside the idle one; many layers have none',
      source: `OWASP ASVS 5.0, 7.3.2; ${SHEET}, “Absolute Timeout”`,
      when: 'waiting',
      async seen(site) {
        const idle = idleOf(site);
        const { maxMs } = site.settings;
        if (maxMs === undefined) throw new NotLookedAt('--max is not given');
        const user = await site.user();
        const end = performance.now() + maxMs + ROUNDING_MS;
        let { cookies } = user;
        return useUntil(end, idle, async (isLast) => {
          await user.whoami();
          // What the browser has dropped, a thief still has.
          cookies = user.cookies || cookies;
          const signs = isLast ? await signsOfLife(site, cookies, 'a') : undefined;
          return signs && `after ${(maxMs + ROUNDING_MS) / 1000} s of use ${signs}`;
        });
      },
    },
    {
      id: 'ended-not-adopted',
      level: 'MUST',
      says: 'the id of a session that has expired does not become the id of a new one',
      why: 'an attacker with a copy of the cookie would share the next visitor’s session',
      look: 'whether an id that is not in the store is replaced',
      source: `${SHEET}, “Permissive and Strict Session Management”`,
      when: 'waiting',
      async seen(site) {
        const { cookies, look } = await unused(site);
        const { status } = await look(() => site.write(cookies, 'n', '1'));
        const read = await site.read(cookies, 'n');
        return read.status === 200
          ? `a write is answered ${status}, and the old id is the id of a session again`
          : undefined;
      },
    },
  ],
};

function idleOf({ settings }: Site): number {
  if (settings.idleMs === undefined) throw new NotLookedAt('--idle is not given');
  return settings.idleMs;
}

const unusedMs = (site: Site) => idleOf(site) * UNUSED + ROUNDING_MS;

/** A session that is left alone until it must have ended. */
async function unused(site: Site) {
  const ms = unusedMs(site);
  const { maxMs = Number.POSITIVE_INFINITY } = site.settings;
  const begin = performance.now();
  const user = await site.user();
  await user.mustSet('a', '1');
  const { cookies } = user;

  /** Waits, and looks. @throws NotLookedAt when it may have ended for its age */
  async function look<T>(work: () => Promise<T>): Promise<T> {
    await sleep(ms);
    const seen = await work();
    if (performance.now() - begin > maxMs)
      throw new NotLookedAt('the machine is too slow to tell the idle end from the absolute one');
    return seen;
  }
  return { cookies, look };
}

/**
 * Uses a session again and again, the last time at `end` or soon after.
 * @param use returns what is wrong
 * @throws NotLookedAt when the session may have been unused for too long, on a slow machine
 */
async function useUntil(
  end: number,
  idle: number,
  use: (isLast: boolean) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let lastSent = performance.now(); ; ) {
    await sleep(idle * USE);
    const sent = performance.now();
    const fault = await use(sent >= end);
    // The server may have seen the last one as soon as it was sent, and this one only now.
    if (performance.now() - lastSent > idle)
      throw new NotLookedAt('the machine is too slow to use the session in time');
    if (fault !== undefined || sent >= end) return fault;
    lastSent = sent;
  }
}
