/** Makes the checks, each with browsers of its own, and comes to a verdict on each. */
import type { Settings } from './settings.ts';
import { NotLookedAt, Site } from './site.ts';

/** One sentence about a session layer, and how to see whether it holds. */
export interface Check {
  readonly id: string;
  /** MUST: a standard demands it, or without it users lose data or their session. */
  readonly level: 'MUST' | 'SHOULD';
  readonly says: string;
  readonly why: string;
  /** Where to look in the layer or its configuration. */
  readonly look: string;
  readonly source: string;
  /**
   * `alone`: first, with no other request under way. `waiting`: waits for seconds, so all of these
   * are made at the same time. `last`: looks back at all others.
   */
  readonly when?: 'alone' | 'waiting' | 'last';
  /** Cannot hold where the cookie holds the session itself. */
  readonly needsStore?: true;
  /** @returns what was seen instead; undefined or empty when the sentence holds. @throws NotLookedAt */
  seen(site: Site, told: ReadonlySet<string>): Promise<string | undefined>;
}

export interface Group {
  /** For the table. */
  readonly name: string;
  readonly title: string;
  readonly checks: readonly Check[];
}

export type Verdict = { readonly check: Check } & (
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly seen: string }
  | { readonly state: 'skipped'; readonly because: string }
);

/** What a run comes to. */
export interface Inspection {
  readonly site: Site;
  /** In the order of the checks. */
  readonly verdicts: readonly Verdict[];
}

const LIMIT_MS = 60_000;

/**
 * Makes all checks.
 * @param atOnce how many are made at the same time
 * @param tell called with each verdict as soon as those before it are known
 * @throws NoSession, NoAnswer when there is nothing to look at
 */
export async function inspect(
  settings: Settings,
  checks: readonly Check[],
  atOnce = 1,
  tell: (verdict: Verdict, site: Site) => void = () => {},
): Promise<Inspection> {
  const site = await Site.open(settings);
  const verdicts = new Map<Check, Verdict>();
  let told = 0;
  const judge = async (check: Check) => {
    const failed = [...verdicts.values()].filter(({ state }) => state === 'failed');
    const ids = new Set(failed.map((verdict) => verdict.check.id));
    verdicts.set(check, await verdictOn(check, site.during(check.id), ids));
    for (let next = checks[told]; next !== undefined; next = checks[told]) {
      const verdict = verdicts.get(next);
      if (verdict === undefined) break;
      tell(verdict, site);
      told += 1;
    }
  };
  const those = (when: Check['when']) => checks.filter((check) => check.when === when);
  const wait = () => Promise.all(those('waiting').map(judge));
  for (const check of those('alone')) await judge(check);
  // One by one, so that a server that answers one request at a time is not at a loss.
  if (atOnce === 1) for (const check of those(undefined)) await judge(check);
  else await Promise.all([wait(), ...workers(those(undefined), atOnce, judge)]);
  if (atOnce === 1) await wait();
  for (const check of those('last')) await judge(check);
  return { site, verdicts: checks.flatMap((check) => verdicts.get(check) ?? []) };
}

function workers<T>(items: readonly T[], count: number, work: (item: T) => Promise<void>) {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  return Array.from({ length: count }, worker);
}

async function verdictOn(check: Check, site: Site, told: ReadonlySet<string>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const stop = () => reject(new Error(`the check took longer than ${LIMIT_MS / 1000} s`));
    timer = setTimeout(stop, LIMIT_MS);
  });
  try {
    const seen = await Promise.race([check.seen(site, told), limit]);
    return seen ? { check, state: 'failed', seen } : { check, state: 'passed' };
  } catch (error) {
    if (error instanceof NotLookedAt) return { check, state: 'skipped', because: error.message };
    return { check, state: 'failed', seen: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
