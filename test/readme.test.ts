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

  test(`${readme} gives the road’s files with their lines, and the sum, which is 1,500 at most`, () => {
    const rows = [...text.matchAll(/^\| `([\w/.-]+\.ts)` \| (\d+) \|/gm)];
    assert.ok(rows.length > 10, `only ${rows.length} files were found`);
    const lines = rows.map(([, path = '', said]) => {
      const count = read(path).split('\n').length - 1;
      assert.equal(Number(said), count, path);
      return count;
    });
    const sum = lines.reduce((all, count) => all + count, 0);
    assert.match(
      text,
      new RegExp(`^\\| (?:all of it|合计) \\| ${sum.toLocaleString('en')} \\|`, 'm'),
    );
    assert.ok(sum <= 1500, `${sum} lines`);
  });

  test(`the two commands of ${readme} are those of the other`, () => {
    const commands = (file: string) => read(file).match(/^\[ .+ npm (?:start|test)$/gm);
    assert.equal(commands(readme)?.length, 2);
    assert.deepEqual(commands(readme), commands('README.md'));
  });

  test(`${readme} and .env.example name the variables that are read`, () => {
    const names = read('lib/config.ts').matchAll(/read(?:\(|, )'([A-Z_]+)'/g);
    const known = new Set(Array.from(names, ([, name]) => name));
    assert.ok(known.size > 10, `only ${known.size} settings were found`);
    known.delete('NODE_ENV');
    const example = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    assert.deepEqual(new Set(example), known);
    const table = [...text.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/[A-Z_]{2,}/g)].map(([name]) => name),
    );
    assert.deepEqual(new Set(table), known);
  });
}
