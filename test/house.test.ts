/**
 * The house stays as it is described: small files, and imports that run one way. Only `app.ts`
 * knows everybody.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { mutants } from './mutants/table.ts';

const ROOT = new URL('../', import.meta.url);
const MAX_LINES = 200;
const MAX_LINES_IN_ALL = 3323;
const MAX_FILES = 42;
const MAX_COMMENTS = 0.25;

interface Source {
  readonly path: string;
  readonly lines: number;
  readonly comments: number;
  readonly imports: readonly { readonly from: string; readonly isType: boolean }[];
}

const paths = readdirSync(new URL('lib', ROOT), { recursive: true, encoding: 'utf8' });
const sources: Source[] = ['server.ts', ...paths.map((path) => join('lib', path))]
  .filter((path) => /\.m?[jt]s$/.test(path))
  .map((path) => {
    const text = readFileSync(new URL(path, ROOT), 'utf8');
    const found = [...text.matchAll(/^(import|export)( type)? [^;]*?from '([^']+)';$/gms)];
    const imports = found.map(([, , type, name = '']) => ({
      from: name.startsWith('.') ? join(dirname(path), name) : name,
      isType: type !== undefined,
    }));
    const comments = text.match(/^\s*(?:\/\/|\/\*|\*)/gm)?.length ?? 0;
    return { path, lines: text.split('\n').length - 1, comments, imports };
  });

/** The room of a file: `lib/http`, say; `lib` for those that stand in the hall. */
const roomOf = (path: string) => /^lib\/(?:http|session|db|routes)(?=\/)/.exec(path)?.[0] ?? 'lib';

/** Which rooms each room may know; a type alone from wherever it likes. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'lib/http': ['lib/http'],
  'lib/session': ['lib/session'],
  'lib/db': ['lib/db', 'lib/session'],
  'lib/routes': ['lib/routes', 'lib/http', 'lib/session', 'lib/db'],
};
/** The one file in the hall that knows the rooms. */
const HALL = ['lib/app.ts'];
/** Any room may use them; they know no room. */
const LEAVES = ['lib/semaphore.ts', 'lib/log.ts', 'lib/password.ts'];

test('the files were read', () => {
  assert.ok(sources.length > 30);
  const imports = sources.flatMap((source) => source.imports);
  assert.ok(imports.length > 150, `only ${imports.length} imports were found`);
});

test(`no file has more than ${MAX_LINES} lines, and all of them ${MAX_LINES_IN_ALL}`, () => {
  const long = sources.filter(({ lines }) => lines > MAX_LINES);
  assert.deepEqual(
    long.map(({ path, lines }) => `${path}: ${lines}`),
    [],
  );
  const sum = sources.reduce((all, { lines }) => all + lines, 0);
  assert.ok(sum <= MAX_LINES_IN_ALL, `${sum} lines`);
  assert.ok(sources.length <= MAX_FILES, `${sources.length} files`);
  const comments = sources.reduce((all, source) => all + source.comments, 0);
  assert.ok(comments <= sum * MAX_COMMENTS, `${comments} lines of comments`);
});

test('no import runs back up, and no room knows another that is not below it', () => {
  const wrong = sources.flatMap(({ path, imports }) => {
    const known = KNOWN[roomOf(path)];
    return imports
      .filter(({ from, isType }) => from.startsWith('lib/') && !isType && !LEAVES.includes(from))
      .filter(({ from }) => known !== undefined && !known.includes(roomOf(from)))
      .map(({ from }) => `${path} knows ${from}`);
  });
  assert.deepEqual(wrong, []);
});

test('leaves know nothing, and only `app.ts` knows the rooms', () => {
  const hall = sources.filter(({ path }) => roomOf(path) === 'lib' && path !== 'server.ts');
  const knowing = hall.filter(({ imports }) =>
    imports.some(({ from, isType }) => !isType && roomOf(from) !== 'lib'),
  );
  assert.deepEqual(new Set(knowing.map(({ path }) => path)), new Set(HALL));
  for (const { path, imports } of hall.filter(({ path }) => LEAVES.includes(path))) {
    assert.deepEqual(
      imports.filter(({ from }) => from.startsWith('lib/') && !LEAVES.includes(from)),
      [],
      path,
    );
  }
});

test('at run time there is Node, mysql2, cookie, and tsx for an older Node; nothing else', () => {
  const names = sources.flatMap(({ imports }) => imports.map(({ from }) => from));
  const packages = names.filter((name) => !/^(?:lib\/|node:)/.test(name));
  const isOurs = (name: string) => /^(?:mysql2(?:\/promise)?|cookie)$/.test(name);
  assert.deepEqual(
    packages.filter((name) => !isOurs(name)),
    [],
  );
  const builtins = names.filter((name) => name.startsWith('node:')).map((name) => name.slice(5));
  assert.deepEqual(
    builtins.filter((name) => !builtinModules.includes(name)),
    [],
  );
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
  assert.deepEqual(Object.keys(dependencies), ['cookie', 'mysql2', 'tsx']);
});

test('every change of the table of mutants can be made, and its tests are there', () => {
  for (const { file, from, to, tests } of mutants) {
    const parts = readFileSync(new URL(file, ROOT), 'utf8').split(from);
    assert.equal(parts.length, 2, `${file} has not exactly one «${from}»`);
    assert.notEqual(from, to);
    for (const test of tests) assert.ok(existsSync(new URL(test, import.meta.url)), test);
  }
});
