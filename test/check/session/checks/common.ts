/** What several groups of checks need. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../browser.ts';
import type { Answer } from '../request.ts';
import { random, type Site, short } from '../site.ts';

/** Sources that many checks cite. Sections of RFC 6265bis are numbered as in its draft 22. */
export const SHEET = 'OWASP Session Management Cheat Sheet';
export const OURS = 'no standard: what is answered 200 is kept';

/** What was found wrong, in one line; undefined when nothing was. */
export function told(faults: readonly string[]): string | undefined {
  return faults.length === 0 ? undefined : [...new Set(faults)].join(' | ');
}

/** How a session still lives for this Cookie header; undefined when it is dead. */
export async function signsOfLife(
  site: Site,
  cookies: string,
  key: string,
): Promise<string | undefined> {
  const read = await site.read(cookies, key);
  const whoami = await site.send('GET', '/whoami', { cookies });
  const signs: string[] = [];
  if (read.status === 200) signs.push(`the old cookie still reads ${key}=${short(read.body, 20)}`);
  if (whoami.status === 200 && whoami.body !== '')
    signs.push(`the old cookie is still ${short(whoami.body, 20)}’s`);
  for (const { status } of [read, whoami])
    if (status >= 500) signs.push(`the old cookie is answered ${status}`);
  return told(signs);
}

/**
 * Sends a Cookie header that the layer did not issue. It must show nothing, break nothing, and not
 * become the id of a session.
 */
export async function faultsWithForged(
  site: Site,
  what: string,
  cookies: string,
  key = 'a',
): Promise<string[]> {
  const faults: string[] = [];
  const first = await site.read(cookies, key);
  if (first.status >= 500) faults.push(`${what}: a read is answered ${first.status}`);
  if (first.status === 200) faults.push(`${what}: it opens a session`);
  const own = `k${random(8)}`;
  const write = await site.write(cookies, own, 'v');
  if (write.status >= 500) faults.push(`${what}: a write is answered ${write.status}`);
  if (write.status < 300) {
    const second = await site.read(cookies, own);
    if (second.status === 200) faults.push(`${what}: it became the id of a session`);
    if (second.status >= 500) faults.push(`${what}: a read is answered ${second.status}`);
  }
  return faults;
}

/** Sends several. @param forged name → Cookie header */
export async function faultsWithAll(
  site: Site,
  forged: Readonly<Record<string, string>>,
  key = 'a',
): Promise<string | undefined> {
  const faults: string[] = [];
  for (const [what, cookies] of Object.entries(forged))
    faults.push(...(await faultsWithForged(site, what, cookies, key)));
  return told(faults);
}

export interface Overtaking {
  readonly browser: Browser;
  /** The Cookie header before both requests. */
  readonly before: string;
  readonly slow: Answer;
  readonly quick: Answer;
  /** The slow one had certainly read the session when the quick one was sent. */
  readonly isRead: boolean;
  /** The server answered the quick one only after the slow one, however long that waited. */
  readonly inTurn: boolean;
}

/**
 * Lets a quick request overtake a slow one: the slow one is sent, has time to read the session, and
 * waits in its handler until the quick one has been answered. Where the times do not prove that it
 * was so, it is done again with more time.
 */
export async function overtake(
  site: Site,
  steps: {
    readonly prepare: () => Promise<Browser>;
    readonly slow: (browser: Browser, ms: number, before: string) => Promise<Answer>;
    readonly quick: (browser: Browser, before: string) => Promise<Answer>;
  },
): Promise<Overtaking> {
  async function run(times: number): Promise<Overtaking> {
    const browser = await steps.prepare();
    const before = browser.cookies;
    const lead = times * Math.max(site.settings.leadMs, 3 * usualMs(browser));
    const ms = Math.ceil(lead + times * holdOf(site, browser));
    let sentAt = 0;
    const [slow, quick] = await Promise.all([
      steps.slow(browser, ms, before),
      sleep(lead).then(() => {
        sentAt = performance.now();
        return steps.quick(browser, before);
      }),
    ]);
    // It cannot have begun later than this.
    const isRead = slow.endedAt - ms < sentAt;
    return { browser, before, slow, quick, isRead, inTurn: quick.endedAt > slow.endedAt };
  }
  const first = await run(1);
  return first.inTurn || !first.isRead ? run(4) : first;
}

/** A wait in a handler that is long enough for a few quick requests beside it. */
export function holdOf(site: Site, browser: Browser): number {
  return Math.ceil(site.settings.holdMs + 8 * usualMs(browser));
}

/** How long the server takes for an answer now; one that stalled says nothing of the next. */
function usualMs({ lastMs }: Browser): number {
  return Math.min(lastMs, 200);
}
