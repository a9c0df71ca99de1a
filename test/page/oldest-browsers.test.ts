/**
 * The oldest browsers that the README names: no script and no style sheet of the page uses what one of
 * them lacks. What they have is in MDN's data (@mdn/browser-compat-data).
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import bcd, {
  type Identifier,
  type SimpleSupportStatement,
} from '@mdn/browser-compat-data/forLegacyNode';

type Floor = Readonly<Record<'chrome' | 'firefox' | 'safari', number>>;

const ROOT = new URL('../../', import.meta.url);
const WHOLE: Floor = { chrome: 116, firefox: 128, safari: 16.4 };
const ALIVE: Floor = { ...WHOLE, safari: 15.4 };

/** Members of our own objects, which a newer object of the browser has as well. */
const OURS =
  'bytes canGoBack canGoForward check currentEntry entry forget lines marginLeft node path run sources states try';
/** What may be missing, because the page does without it. */
const DISPENSABLE = new Map([
  ['text-wrap', 'a heading breaks elsewhere'],
  ['text-wrap: balance', 'a heading breaks elsewhere'],
  ['text-wrap: pretty', 'a paragraph breaks elsewhere'],
  ['accent-color', 'a checkbox has the system’s colour'],
  ['outline', 'an outline has square corners'],
  ['content: / text', 'the line before it is taken'],
  ['.cookieEnabled', 'Safari says true: then a notice is missing'],
]);

const { api, javascript, css } = bcd;
const builtins = javascript.builtins ?? {};

/** Whether one of the oldest browsers lacks it. */
function isMissing(entry: Identifier | undefined, floor: Floor): boolean {
  const support = entry?.__compat?.support;
  if (support === undefined) return false;
  return (['chrome', 'firefox', 'safari'] as const).some((browser) => {
    const all = [support[browser]].flat().filter((one) => one !== undefined);
    return !all.some((one) => isFrom(one, floor[browser]));
  });
}

function isFrom(one: SimpleSupportStatement, version: number): boolean {
  if (one.flags || one.prefix || one.alternative_name || one.version_removed) return false;
  return Number.parseFloat(String(one.version_added).replace('≤', '')) <= version;
}

/** Member → every object of the browser that has it. */
const owners = new Map<string, Identifier[]>();
for (const object of [...Object.values(api), ...Object.values(builtins)]) {
  for (const [name, entry] of Object.entries(object)) {
    const member = name.replace(/_(?:static|event)$/, '');
    owners.set(member, [...(owners.get(member) ?? []), entry]);
  }
}

function* missingInScript(text: string, floor: Floor): Generator<string> {
  const code = text.replace(/\/\*.*?\*\/|(?<=^|\s)\/\/.*?$/gms, '');
  for (const [, object = '', name = ''] of code.matchAll(/\b(\w+)?\)?\??\.([a-zA-Z]\w*)/g)) {
    const owner = api[object] ?? builtins[object];
    if (owner) {
      if (isMissing(owner[`${name}_static`] ?? owner[name], floor)) yield `${object}.${name}`;
    } else if (!OURS.split(' ').includes(name)) {
      const all = owners.get(name) ?? [];
      if (all.length > 0 && all.every((one) => isMissing(one, floor))) yield `.${name}`;
    }
  }
  for (const [name] of code.matchAll(/\b[A-Z]\w+/g)) {
    if (isMissing(api[name] ?? builtins[name], floor)) yield name;
  }
  if (/\(\?<[=!]/.test(code)) yield* floor.safari < 16.4 ? ['lookbehind'] : [];
  if (/\bstatic \{/.test(code)) yield* floor.safari < 16.4 ? ['static block'] : [];
}

function* missingInStyle(text: string, floor: Floor): Generator<string> {
  const sheet = text.replace(/\/\*.*?\*\//gs, '');
  for (const [, name = '', value = ''] of sheet.matchAll(/([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/g)) {
    const property = css.properties?.[name];
    if (property === undefined) continue;
    if (isMissing(property, floor)) yield name;
    for (const word of value.split(/[\s,()]+/)) {
      if (isMissing(property[word], floor)) yield `${name}: ${word}`;
    }
    if (name === 'content' && value.includes(' / '))
      yield* isMissing(property.alt_text, floor) ? ['content: / text'] : [];
  }
  for (const [, name = ''] of sheet.matchAll(/::?([a-z-]+)/g)) {
    if (isMissing(css.selectors?.[name], floor)) yield `:${name}`;
  }
  for (const [, name = ''] of sheet.matchAll(/@([a-z-]+)/g)) {
    if (isMissing(css['at-rules']?.[name], floor)) yield `@${name}`;
  }
}

function* missing(floor: Floor): Generator<string> {
  for (const file of readdirSync(new URL('static/', ROOT), { recursive: true, encoding: 'utf8' })) {
    const isScript = file.endsWith('.js');
    if (!isScript && !file.endsWith('.css')) continue;
    const text = readFileSync(new URL(`static/${file}`, ROOT), 'utf8');
    const found = isScript ? missingInScript(text, floor) : missingInStyle(text, floor);
    for (const name of found) if (!DISPENSABLE.has(name)) yield `${file}: ${name}`;
  }
}

for (const [what, floor] of [
  ['whole', WHOLE],
  ['alive', ALIVE],
] as const) {
  test(`the page is ${what} in Chrome ${floor.chrome}, Firefox ${floor.firefox}, Safari ${floor.safari}`, () => {
    assert.deepEqual(Array.from(new Set(missing(floor))), []);
    for (const name of ['README.md', 'README.zh.md']) {
      const readme = readFileSync(new URL(name, ROOT), 'utf8');
      for (const version of [
        `Chrome ${floor.chrome}`,
        `Firefox ${floor.firefox}`,
        `Safari ${floor.safari}`,
      ])
        assert.ok(readme.includes(version), `${name} names ${version}`);
    }
  });
}

test('what a browser lacks is found: a script’s member, a style sheet’s property', () => {
  const old: Floor = { chrome: 90, firefox: 90, safari: 14 };
  const script =
    'list.findLast(f); AbortSignal.any([]); structuredClone(a); /(?<=a)b/; new Highlight()';
  assert.deepEqual(Array.from(missingInScript(script, old)), [
    '.findLast',
    'AbortSignal.any',
    'Highlight',
    'lookbehind',
  ]);
  const sheet = 'a:has(b) { text-wrap: balance } @container (width > 1px) { a { color: red } }';
  assert.deepEqual(Array.from(missingInStyle(sheet, old)), [
    'text-wrap',
    'text-wrap: balance',
    ':has',
    '@container',
  ]);
});
