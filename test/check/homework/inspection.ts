/**
 * Runs the checks. A check that leans on another is passed over when that one has failed: what is
 * told is the cause, not its consequences.
 */
import type { Browser } from 'playwright-core';
import { isLike, valuesOf } from './sent.ts';
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
  | { readonly state: 'failed'; readonly seen: Text; readonly picture: Buffer | undefined }
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
  /** Whether a request asks about a name. */
  isQuestion(one: Pick<Asked, 'method' | 'url'>): Promise<boolean>;
  /** Of these requests, those that ask about a name because the box was left. */
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
  /** Where the address led, if that is another page. */
  readonly led: string | undefined;
  readonly hint: Awaited<ReturnType<Visit['hint']>>;
  readonly picture: Buffer | undefined;
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
      return await withLearner(async (learner, visits) => {
        const seen = await check.seen(learner);
        if (seen === undefined) return { state: 'passed' };
        return { state: 'failed', seen, picture: await pictureOf(visits.at(-1)) };
      });
    } catch (error) {
      return { state: 'not looked at', reason: reasonOf(error) };
    }
  }

  /** What a failed check looked at last; where it opened no page, what was seen first of all. */
  async function pictureOf(visit: Visit | undefined): Promise<Buffer | undefined> {
    if (!settings.pictures) return undefined;
    return visit ? visit.picture() : (await firstSight()).taken.picture;
  }

  async function withLearner<T>(
    work: (learner: Learner, visits: readonly Visit[]) => Promise<T>,
  ): Promise<T> {
    const closing: (() => Promise<void>)[] = [];
    const visits: Visit[] = [];
    const learner: Learner = {
      settings,
      firstSight,
      freeName: () => `probe${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`,
      async visit() {
        const context = await openContext(browser, settings);
        closing.push(() => context.close());
        const visit = await Visit.open(context, settings);
        visits.push(visit);
        return visit;
      },
      async isQuestion(one) {
        const { question } = await firstSight();
        return question === undefined || isLike(one, question, settings.taken);
      },
      async questions(asked) {
        const { question } = await firstSight();
        if (question === undefined) return asked.filter(({ isOwn }) => !isOwn);
        return asked.filter((one) => isLike(one, question, settings.taken) && !one.isOwn);
      },
    };
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      const left = settings.allMs - (performance.now() - begin);
      timer = setTimeout(() => reject(new TooLong()), Math.min(settings.limitMs, left));
    });
    try {
      return await Promise.race([work(learner, visits), limit]);
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
    const picture = learner.settings.pictures ? await visit.picture() : undefined;
    const { dialogs, errors, led } = visit;
    return { ...left, name, hint, dialogs, errors, led, picture };
  };
  const { taken: name } = learner.settings;
  const [taken, free] = await Promise.all([sight(name), sight(learner.freeName())]);
  const brought = taken.asked.filter(({ isOwn }) => !isOwn);
  const question = brought.find((one) => valuesOf(one).includes(name)) ?? brought[0];
  return { taken, free, question };
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
