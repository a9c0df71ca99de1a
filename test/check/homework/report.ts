/**
 * Tells the outcome for people: a line for each sentence that holds, four for one that does not, and
 * one for all that was not looked at.
 */
import { isAsked } from './checks.ts';
import type { Check, Verdict } from './inspection.ts';
import type { Text } from './settings.ts';

export interface Result {
  readonly check: Check;
  readonly verdict: Verdict;
}

const WORDS = {
  asked: { en: 'What the homework asks for', zh: '作业要求' },
  better: { en: 'What makes it better', zh: '做得更好' },
  seen: { en: 'seen:    ', zh: '看到：' },
  why: { en: 'why:     ', zh: '原因：' },
  look: { en: 'look at: ', zh: '检查：' },
  over: { en: 'not looked at, because of the above: ', zh: '因上面的问题，没有检查：' },
  unseen: { en: 'could not be looked at: ', zh: '无法检查：' },
} satisfies Record<string, Text>;

export function report(results: readonly Result[], language: keyof Text, isColoured: boolean) {
  const paint = (code: number, text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
  const word = (name: keyof typeof WORDS) => WORDS[name][language];
  const lines: string[] = [];
  for (const group of ['asked', 'better'] as const) {
    const those = results.filter(({ check }) => isAsked(check) === (group === 'asked'));
    if (those.length === 0) continue;
    lines.push(`${word(group)} (${sumOf(those)})`);
    for (const { check, verdict } of those) {
      const says = check.says[language];
      if (verdict.state === 'passed') lines.push(`${paint(32, '✓')} ${says}`);
      if (verdict.state === 'not looked at') {
        lines.push(`${paint(33, '?')} ${says}`);
        lines.push(`    ${word('unseen')}${verdict.reason[language]}`);
      }
      if (verdict.state !== 'failed') continue;
      lines.push(`${paint(31, '✗')} ${says}`, `    ${word('seen')}${verdict.seen[language]}`);
      lines.push(`    ${word('why')}${check.why[language]}`);
      lines.push(`    ${word('look')}${check.look[language]}`);
    }
    const over = those.filter(({ verdict }) => verdict.state === 'passed over');
    const names = over
      .map(({ check }) => check.says[language])
      .join(language === 'zh' ? '；' : '; ');
    if (over.length > 0) lines.push(paint(2, `– ${word('over')}${names}`));
    lines.push('');
  }
  return `${lines.join('\n')}\n${summary(results)[language]}\n`;
}

/** How many of how many hold. */
export function sumOf(results: readonly Result[]): string {
  return `${results.filter(({ verdict }) => verdict.state === 'passed').length}/${results.length}`;
}

/** 0: all is well, 1: something is not, 2: something could not be looked at. */
export function exitCodeOf(results: readonly Result[]): number {
  const is = (state: Verdict['state']) => results.some(({ verdict }) => verdict.state === state);
  if (is('failed')) return 1;
  return is('not looked at') ? 2 : 0;
}

export function toJson(results: readonly Result[], language: keyof Text): object[] {
  return results.map(({ check, verdict }) => {
    const { id, says, why, look } = check;
    const group = isAsked(check) ? 'asked' : 'better';
    const about = { id, group, says: says[language], state: verdict.state };
    if (verdict.state === 'failed')
      return { ...about, seen: verdict.seen[language], why: why[language], look: look[language] };
    if (verdict.state === 'not looked at') return { ...about, reason: verdict.reason[language] };
    return verdict.state === 'passed over' ? { ...about, because: verdict.because.id } : about;
  });
}

function summary(results: readonly Result[]): Text {
  const count = (...states: Verdict['state'][]) =>
    results.filter(({ verdict }) => states.includes(verdict.state)).length;
  const held = count('passed');
  const failed = count('failed');
  const over = count('passed over', 'not looked at');
  if (held === results.length)
    return { en: `All ${held} checks hold.`, zh: `${held} 项检查全部通过。` };
  return {
    en: `${held} hold, ${failed} do not, ${over} could not be looked at yet.`,
    zh: `${held} 项通过，${failed} 项未通过，${over} 项暂时无法检查。`,
  };
}
