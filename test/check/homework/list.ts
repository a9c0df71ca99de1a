/** `--list`: a whole class. A folder is written: a table, a page for each pupil, and all as JSON. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { checksFor, isAsked } from './checks.ts';
import { look } from './look.ts';
import { troubleWith } from './reach.ts';
import { exitCodeOf, type Result, sumOf, toJson } from './report.ts';
import { BadArguments, CannotLook, readAddress, type Settings, type Text } from './settings.ts';

export interface Pupil {
  readonly name: string;
  readonly url: string;
}

interface Looked extends Pupil {
  /** None where the homework could not be looked at. */
  readonly results: readonly Result[];
  readonly trouble: Text | undefined;
  /** Its page, without `.html`. */
  readonly file: string;
}

const WORDS = {
  title: { en: 'Homeworks', zh: '作业' },
  asked: { en: 'asked for', zh: '作业要求' },
  better: { en: 'better', zh: '做得更好' },
  seen: { en: 'Seen', zh: '看到' },
  why: { en: 'Why', zh: '原因' },
  look: { en: 'Look at', zh: '检查' },
  over: { en: 'not looked at', zh: '没有检查' },
  back: { en: 'All', zh: '全部' },
} satisfies Record<string, Text>;
const SIGNS = { passed: '✓', failed: '✗', 'passed over': '–', 'not looked at': '?' };
const STYLE =
  'body{font:16px/1.5 sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .5em}' +
  'th.check{writing-mode:vertical-rl;text-align:left;font-weight:normal}.failed{color:#b00}.passed{color:#070}img{border:1px solid #bbb;max-width:100%}';

/** A name and an address a line, with blanks, a comma or a semicolon between them. @throws BadArguments */
export async function readList(file: string, page: string | undefined): Promise<Pupil[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new BadArguments(`--list: ${error.message}`);
  });
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const wanted = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return wanted.map((line) => {
    const [, name = '', address = ''] = /^(.*?)[\s,;]+(\S+)$/.exec(line) ?? [];
    if (name === '') throw new BadArguments(`--list: “${line}” is no name and address`);
    return { name, url: readAddress(address, page) };
  });
}

/** Looks at one after the other, and tells of each in a line. @returns the exit code */
export async function lookAtAll(
  browser: Browser,
  settings: Settings,
  pupils: readonly Pupil[],
  folder: string,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  const all: Looked[] = [];
  for (const [at, pupil] of pupils.entries()) {
    const looked = await lookAt(browser, settings, pupil, fileOf(pupil.name, at));
    all.push(looked);
    console.log(lineOf(looked, settings.language));
    await writePupil(folder, looked, settings.language);
    // Written anew each time: what has been seen is not lost when the rest breaks off.
    await writeFile(join(folder, 'index.html'), tableOf(all, settings));
    await writeFile(join(folder, 'report.json'), jsonOf(all, settings.language));
  }
  const codes = all.map(({ results, trouble }) => (trouble ? 2 : exitCodeOf(results)));
  return codes.includes(1) ? 1 : Math.max(0, ...codes);
}

async function lookAt(
  browser: Browser,
  settings: Settings,
  pupil: Pupil,
  file: string,
): Promise<Looked> {
  const trouble = await troubleWith(pupil.url);
  if (trouble !== undefined) return { ...pupil, results: [], trouble, file };
  try {
    const results = await look(browser, { ...settings, url: pupil.url, pictures: true });
    return { ...pupil, results, trouble: undefined, file };
  } catch (error) {
    if (!(error instanceof CannotLook)) throw error;
    return { ...pupil, results: [], trouble: error.reason, file };
  }
}

function fileOf(name: string, at: number): string {
  return `${at + 1}-${name.replace(/[^\p{L}\p{N}]+/gu, '-')}`;
}

function lineOf({ name, results, trouble }: Looked, language: keyof Text): string {
  if (trouble) return `${name}: ${trouble[language]}`;
  return `${name}: ${sums(results).join(', ')}`;
}

function sums(results: readonly Result[]): [asked: string, better: string] {
  const asked = results.filter(({ check }) => isAsked(check));
  return [sumOf(asked), sumOf(results.filter((one) => !asked.includes(one)))];
}

async function writePupil(folder: string, looked: Looked, language: keyof Text): Promise<void> {
  const { name, url, results, trouble, file } = looked;
  const word = (key: keyof typeof WORDS) => WORDS[key][language];
  const parts: string[] = [];
  if (trouble) parts.push(`<p class="failed">${escaped(trouble[language])}</p>`);
  for (const { check, verdict } of results) {
    const title = `${SIGNS[verdict.state]} ${check.says[language]}`;
    parts.push(`<h2 class="${verdict.state}">${escaped(title)}</h2>`);
    if (verdict.state === 'passed over')
      parts.push(`<p>${word('over')}: ${escaped(verdict.because.says[language])}</p>`);
    if (verdict.state === 'not looked at')
      parts.push(`<p>${escaped(verdict.reason[language])}</p>`);
    if (verdict.state !== 'failed') continue;
    const rows = [
      [word('seen'), verdict.seen],
      [word('why'), check.why],
      [word('look'), check.look],
    ] as const;
    for (const [what, text] of rows) parts.push(`<p>${what}: ${escaped(text[language])}</p>`);
    if (verdict.picture === undefined) continue;
    const picture = `${file}-${check.id.replaceAll(' ', '-')}.png`;
    await writeFile(join(folder, picture), verdict.picture);
    parts.push(`<p><img src="${encodeURIComponent(picture)}" alt=""></p>`);
  }
  const head = `<p><a href="index.html">${word('back')}</a> · ${escaped(url)} · ${sums(results).join(', ')}</p>`;
  await writeFile(join(folder, `${file}.html`), htmlOf(name, language, head + parts.join('\n')));
}

function tableOf(all: readonly Looked[], settings: Settings): string {
  const { language } = settings;
  const checks = checksFor(settings);
  const heads = checks.map(({ says }) => `<th class="check">${escaped(says[language])}</th>`);
  const sumHeads = `<th>${WORDS.asked[language]}</th><th>${WORDS.better[language]}</th>`;
  const rows = all.map(({ name, results, trouble, file }) => {
    const link = `<th><a href="${encodeURIComponent(file)}.html">${escaped(name)}</a></th>`;
    if (trouble)
      return `<tr>${link}<td colspan="${checks.length + 2}">${escaped(trouble[language])}</td></tr>`;
    const cells = results.map(
      ({ verdict: { state } }) => `<td class="${state}">${SIGNS[state]}</td>`,
    );
    const [asked, better] = sums(results);
    return `<tr>${link}<td>${asked}</td><td>${better}</td>${cells.join('')}</tr>`;
  });
  const table = `<table><tr><th></th>${sumHeads}${heads.join('')}</tr>\n${rows.join('\n')}</table>`;
  return htmlOf(WORDS.title[language], language, table);
}

function jsonOf(all: readonly Looked[], language: keyof Text): string {
  const pupils = all.map(({ name, url, results, trouble }) => {
    const [asked, better] = sums(results);
    const why = trouble ? { trouble: trouble[language] } : { asked, better };
    return { name, url, ...why, checks: toJson(results, language) };
  });
  return `${JSON.stringify(pupils, null, 2)}\n`;
}

function htmlOf(title: string, language: keyof Text, body: string): string {
  return (
    `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${escaped(title)}</title>` +
    `<style>${STYLE}</style><h1>${escaped(title)}</h1>\n${body}\n`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
