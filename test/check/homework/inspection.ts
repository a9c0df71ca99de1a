/**
 * Runs the checks. A check that leans on another is passed over when that one has failed: what is
 * told is the cause, not its consequences.
 */
import type { Browser } from 'playwright-core';
import { valuesOf } from './sent.ts';
import { CannotLook, type Settings, type Text } from './settings.ts';
import { type Left, openContext, Visit } from './visit.ts';
import type { Asked } from './watch.ts';

/** One sentence about a homework, and how to see whether it holds. */
export interface Check {
  readonly id: string;
  readonly says: Text;
  readonly why: Text;
  /** What to look for, which is not the solution. */
  readonly look: Text;
  /** The checks without which this one says nothing. */
  readonly after: readonly string[];
  /** @returns what was seen instead; `undefined` when the sentence holds */
  seen(learner: Learner): Promise<Text | undefined>;
}

export type Verdict =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly seen: Text }
  /** It leans on that check, which has failed or could not be made. */
  | { readonly state: 'passed over'; readonly because: Check }
  | { readonly state: 'not looked at'; readonly reason: Text };

/** What a check gets to look at. */
export interface Learner {
  readonly settings: Settings;
  /** Opens the page anew, in a profile of its own; closed when the check is over. */
  visit(): Promise<Visit>;
  /** What was seen when nothing was in the way; seen once, by whoever asks first. */
  firstSight(): Promise<FirstSight>;
  /** A name that nobody has. */
  freeName(): string;
  /** Of these requests, those that ask about a name. */
  questions(asked: readonly Asked[]): Promise<Asked[]>;
}

/** A taken and a free name, each in a page of its own. */
export interface FirstSight {
  readonly taken: Sight;
  readonly free: Sight;
  /** The request that asked about the taken name. */
  readonly question: Asked | undefined;
}

export interface Sight extends Left {
  readonly name: string;
  readonly dialogs: readonly string[];
  readonly errors: readonly string[];
  readonly hint: Awaited<ReturnType<Visit['hint']>>;
}

/**
 * @param checks all there are
 * @returns the verdict on one of them, by its id; each is come to once
 */
export function inspect(
  browser: Browser,
  settings: Settings,
  checks: readonly Check[],
): (id: string) => Promise<Verdict> {
  const verdicts = new Map<string, Promise<Verdict>>();
  const begin = performance.now();
  let sight: Promise<FirstSight> | undefined;
  const firstSight = () => {
    sight ??= withLearner(look);
    return sight;
  };

  function verdictOf(id: string): Promise<Verdict> {
    const known = verdicts.get(id);
    if (known) return known;
    const check = checks.find((one) => one.id === id);
    if (!check) throw new Error(`no check is called ${id}`);
    const verdict = judge(check);
    verdicts.set(id, verdict);
    return verdict;
  }

  async function judge(check: Check): Promise<Verdict> {
    for (const id of check.after) {
      const verdict = await verdictOf(id);
      if (verdict.state === 'passed over') return verdict;
      const because = checks.find((one) => one.id === id);
      if (verdict.state !== 'passed' && because) return { state: 'passed over', because };
    }
    try {
      const seen = await withLearner((learner) => check.seen(learner));
      return seen === undefined ? { state: 'passed' } : { state: 'failed', seen };
    } catch (error) {
      return { state: 'not looked at', reason: reasonOf(error) };
    }
  }

  async function withLearner<T>(work: (learner: Learner) => Promise<T>): Promise<T> {
    const closing: (() => Promise<void>)[] = [];
    const learner: Learner = {
      settings,
      firstSight,
      freeName: () => `probe${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`,
      async visit() {
        const context = await openContext(browser, settings);
        closing.push(() => context.close());
        return Visit.open(context, settings);
      },
      async questions(asked) {
        const { question } = await firstSight();
        return asked.filter((one) => !question || isLike(one, question, settings.taken));
      },
    };
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      const left = settings.allMs - (performance.now() - begin);
      timer = setTimeout(() => reject(new TooLong()), Math.min(settings.limitMs, left));
    });
    try {
      return await Promise.race([work(learner), limit]);
    } finally {
      clearTimeout(timer);
      await Promise.all(closing.map((close) => close()));
    }
  }
  return verdictOf;
}

async function look(learner: Learner): Promise<FirstSight> {
  const sight = async (name: string): Promise<Sight> => {
    const visit = await learner.visit();
    const left = await visit.leave(name);
    const hint = await (left.isReloaded ? visit.hint() : visit.nextHint(undefined));
    return { ...left, name, hint, dialogs: visit.dialogs, errors: visit.errors };
  };
  const { taken: name } = learner.settings;
  const [taken, free] = await Promise.all([sight(name), sight(learner.freeName())]);
  const question = taken.asked.find((one) => valuesOf(one).includes(name)) ?? taken.asked[0];
  return { taken, free, question };
}

/** Whether a request goes where the question went; the name may be a piece of the path. */
function isLike(asked: Asked, question: Asked, name: string): boolean {
  const { pathname } = new URL(question.url);
  const place = pathname.indexOf(encodeURIComponent(name));
  const begin = place < 0 ? pathname : pathname.slice(0, place);
  return asked.method === question.method && new URL(asked.url).pathname.startsWith(begin);
}

class TooLong extends Error {}

/** Why a check came to no end of its own. */
function reasonOf(error: unknown): Text {
  if (error instanceof CannotLook) return error.reason;
  if (error instanceof TooLong)
    return {
      en: 'The page did not come to rest in the time that a check has: a slow server wants --slow 4.',
      zh: '页面在规定的时间内没有停下来：服务器较慢时请加 --slow 4。',
    };
  const [line = ''] = String(error).split('\n');
  return { en: `The browser could not go on: ${line}`, zh: `浏览器无法继续：${line}` };
}
