/** The outcome for people, and for programs. */
import type { Check, Level } from './check.ts';
import type { Step } from './connection.ts';
import type { Result } from './inspection.ts';
import { wanted } from './judge.ts';

const MOST_BYTES = 300;
/** The same few characters over and over. */
const REPEATED = /(.{1,4}?)\1{15,}/gs;
const SIGNS = { pass: '✓', warn: '!', fail: '✗' };
const COLOURS = { pass: 32, warn: 33, fail: 31 };

/** A line for each sentence that holds, more for one that does not. */
export function report(results: readonly Result[], isColoured: boolean): string {
  const paint = (code: number, text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
  let group = '';
  const lines: string[] = [];
  for (const { check, verdict, seen } of results) {
    if (check.group !== group) lines.push('', check.group);
    group = check.group;
    const { id, says, level, rfc, why, look } = check;
    lines.push(
      `${paint(COLOURS[verdict], SIGNS[verdict])} ${says} (${level}, ${rfc}) ${paint(2, id)}`,
    );
    if (verdict === 'pass') continue;
    lines.push(
      `    sent:    ${bytesOf(check)}`,
      `    seen:    ${seen}`,
      `    asked:   ${wanted(check)}`,
    );
    if (verdict === 'warn') lines.push('    allowed: both; this is the laxer');
    lines.push(`    why:     ${why}`, `    look at: ${look}`);
  }
  return [...lines, '', summary(results), ''].join('\n');
}

export function toJson(results: readonly Result[]): object[] {
  return results.map(({ check, verdict, seen }) => {
    const { id, group, says, level, rfc, why, look } = check;
    const sent = bytesOf(check);
    return { id, group, says, level, rfc, verdict, sent, seen, wanted: wanted(check), why, look };
  });
}

/** The checks with what they send. */
export function list(checks: readonly Check[]): string {
  return checks
    .map(
      (check) =>
        `${check.group}: ${check.says} (${check.level}, ${check.rfc}) ${check.id}\n    ${bytesOf(check)}\n`,
    )
    .join('');
}

/** Of how many checks of a level how many hold. */
export function count(results: readonly Result[], level: Level) {
  const those = results.filter(({ check }) => check.level === level);
  const of = (wantedVerdict: Result['verdict']) =>
    those.filter(({ verdict }) => verdict === wantedVerdict).length;
  return { all: those.length, pass: of('pass'), warn: of('warn'), fail: of('fail') };
}

function summary(results: readonly Result[]): string {
  const levels = (['MUST', 'SHOULD', 'MAY'] as const).map((level) => {
    const { all, warn, fail } = count(results, level);
    return `${level}: ${all} checks, ${fail} fail${fail === 1 ? 's' : ''}, ${warn} laxer than need be`;
  });
  return levels.join('\n');
}

function bytesOf({ send }: Check): string {
  return send.map(inWords).join(' ') || '(nothing)';
}

function inWords(step: Step): string {
  if (step === 'end') return '(our half closed)';
  if (typeof step === 'string') {
    const short = step.replace(REPEATED, (all, one) => `${one}[${all.length / one.length} times]`);
    const text = JSON.stringify(short).replace(/[\x7f-\xff]/g, escaped);
    const isLong = text.length > MOST_BYTES;
    return isLong ? `${text.slice(0, MOST_BYTES)}… (${step.length} bytes)` : text;
  }
  if ('pauseMs' in step) return `(${step.pauseMs} ms)`;
  if ('answers' in step) return '(until an answer has come)';
  return `(${JSON.stringify(step.drip)} every ${step.everyMs} ms)`;
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}
