/**
 * The README's map from topic to code is kept true by this file, and so are its settings: a path, a
 * test or a variable that it names exists.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

const PATH = /`((?:lib|static|sql|test)\/[\w./-]+|server\.ts)`/g;
/** In the map: a test file, and behind it the titles of its tests. */
const TESTS = /`(test\/[\w./-]+\.test\.ts)`: ((?:“[^”]+”(?:, )?)+)/g;

for (const readme of ['README.md', 'README.zh.md']) {
  const text = read(readme);

  test(`every path that ${readme} names exists`, () => {
    const paths = [...text.matchAll(PATH)].map(([, path = '']) => path);
    assert.ok(paths.length > 20, `only ${paths.length} paths were found`);
    assert.deepEqual(
      paths.filter((path) => !existsSync(new URL(path, ROOT))),
      [],
    );
  });

  test(`every test title that ${readme} names is in the file it names`, () => {
    const titles = [...text.matchAll(TESTS)].flatMap(([, file = '', list = '']) =>
      [...list.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
    );
    assert.ok(titles.length > 15, `only ${titles.length} titles were found`);
    assert.deepEqual(
      titles.filter(({ file, title }) => !read(file).includes(title)),
      [],
    );
  });

  test(`${readme} and .env.example name the variables that lib/config.ts reads`, () => {
    const source = read('lib/config.ts');
    const known = new Set(
      [...source.matchAll(/env(?:\.|, ')([A-Z_]+)/g)].map(([, name = '']) => name),
    );
    known.delete('NODE_ENV');
    const example = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    assert.deepEqual(new Set(example), known);
    const table = [...text.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/[A-Z_]{2,}/g)].map(([name]) => name),
    );
    assert.deepEqual(new Set(table), known);
  });
}
