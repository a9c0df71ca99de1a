/** Tells the verdicts: for people a line for each sentence that holds, and four more for one that does not. */
import { allChecks, groups } from './groups.ts';
import type { Check, Inspection, Verdict } from './inspection.ts';
import type { Site } from './site.ts';

/** One of the objects that `--json` prints. */
export interface Row {
  readonly id: string;
  readonly level: Check['level'];
  readonly state: Verdict['state'];
  readonly says: string;
  readonly seen?: string;
  readonly source: string;
}

/** Writes each verdict as it comes. */
export function reporter(write: (text: string) => void, isColoured: boolean) {
  const paint = (code: number, text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
  let title: string | undefined;

  return function tell(verdict: Verdict, site: Site): void {
    const { check } = verdict;
    if (title === undefined) write(`${headline(site)}\n`);
    const group = groups.find(({ checks }) => checks.includes(check));
    if (group && group.title !== title) write(`\n${group.title}\n`);
    title = group?.title ?? '';
    const line = `${check.level.padEnd(6)} ${check.says}`;
    if (verdict.state === 'passed') write(`${paint(32, '✓')} ${line}\n`);
    if (verdict.state === 'skipped') write(`${paint(2, `– ${line} (${verdict.because})`)}\n`);
    if (verdict.state !== 'failed') return;
    write(`${paint(31, '✗')} ${line}\n`);
    if (isByDesign(verdict, site)) write('    the cookie holds the session itself: see below\n');
    else write(details(verdict.check, verdict.seen));
  };
}

/** What the run comes to, in one paragraph. */
export function summary({ site, verdicts }: Inspection): string {
  const failed = verdicts.filter(({ state }) => state === 'failed');
  const count = (state: Verdict['state'], level?: Check['level']) =>
    verdicts.filter((one) => one.state === state && (!level || one.check.level === level)).length;
  const inCookie = failed.filter((verdict) => isByDesign(verdict, site));
  const because =
    inCookie.length === 0
      ? ''
      : `\nThe cookie holds the session itself. So the server cannot end it, and of two answers the last one\n` +
        `wins; ${inCookie.length} checks fail for this: ${inCookie.map(({ check }) => check.id).join(', ')}.\n`;
  const skipped = count('skipped');
  return (
    `${because}\n${count('passed')} hold, ${count('failed', 'MUST')} MUST and ` +
    `${count('failed', 'SHOULD')} SHOULD do not` +
    (skipped === 0 ? '.\n' : `; ${skipped} were not looked at.\n`)
  );
}

export function rows(verdicts: Inspection['verdicts']): Row[] {
  return verdicts.map((verdict) => {
    const { id, level, says, source } = verdict.check;
    const row = { id, level, state: verdict.state, says, source };
    if (verdict.state === 'passed') return row;
    return { ...row, seen: verdict.state === 'failed' ? verdict.seen : verdict.because };
  });
}

/** What a layer was found to be. */
export interface Result {
  readonly name: string;
  /** With versions, and where it keeps its sessions. */
  readonly title: string;
  readonly verdicts: readonly Verdict[];
}

const SIGNS = { passed: '✓', failed: '✗', skipped: '–' } as const;

/** How many checks of each group fail in which layer, MUST · SHOULD, in Markdown. */
export function groupTable(results: readonly Result[]): string {
  const countIn = ({ verdicts }: Result, checks: readonly Check[]) => {
    const failed = verdicts.filter(
      ({ check, state }) => state === 'failed' && checks.includes(check),
    );
    const musts = failed.filter(({ check }) => check.level === 'MUST').length;
    return `${musts} · ${failed.length - musts}`;
  };
  const columns = [...groups, { name: 'all', checks: allChecks }];
  return inMarkdown(
    ['layer', ...columns.map(({ name, checks }) => `${name} (${checks.length})`)],
    results.map((one) => [one.title, ...columns.map(({ checks }) => countIn(one, checks))]),
  );
}

/** Which check holds in which layer, in Markdown: only the checks that fail somewhere. */
export function checkTable(results: readonly Result[]): string {
  const stateIn = ({ verdicts }: Result, { id }: Check) =>
    verdicts.find(({ check }) => check.id === id)?.state ?? 'skipped';
  const shown = allChecks.filter((check) =>
    results.some((result) => stateIn(result, check) === 'failed'),
  );
  return inMarkdown(
    ['check', 'level', ...results.map(({ name }) => name)],
    shown.map((check) => {
      const cells = results.map((result) => SIGNS[stateIn(result, check)]);
      return [check.id, check.level, ...cells];
    }),
  );
}

function inMarkdown(head: readonly string[], body: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...body];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function headline({ settings, cookie }: Site): string {
  const names = cookie.names.join(' and ');
  const what = cookie.holdsSession ? 'which holds the session itself' : 'which holds an id';
  return `${settings.url.href}: the cookie ${names}, ${what}`;
}

function isByDesign({ check }: Verdict, { cookie }: Site): boolean {
  return cookie.holdsSession && check.needsStore === true;
}

function details({ id, why, look, source }: Check, seen: string): string {
  return (
    `    seen:    ${seen}\n    why:     ${why}\n    look at: ${look}\n` +
    `    source:  ${source}; --only ${id}\n`
  );
}
