/**
 * What the READMEs name exists, and both languages name the same: paths, links, test titles, the
 * settings and the two commands.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

const PATH = /`((?:lib|static|sql|test)\/[\w./-]+|server\.ts)`/g;
/** A test file, and behind it the titles of its tests. */
const TESTS = /`(test\/[\w./-]+\.test\.ts)`: ((?:“[^”]+”(?:, )?)+)/g;
const LINK = /\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g;

/** At least so many paths and titles, so that a change of the form is seen. */
const READMES = [
  { folder: '', paths: 1, titles: 0 },
  { folder: 'lib/', paths: 40, titles: 30 },
  { folder: 'test/', paths: 40, titles: 20 },
];

const pathsOf = (text: string) => [...text.matchAll(PATH)].map(([, path = '']) => path);

const titlesOf = (text: string) =>
  [...text.matchAll(TESTS)].flatMap(([, file = '', list = '']) =>
    [...list.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
  );

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

for (const { folder, paths, titles } of READMES) {
  const english = read(`${folder}README.md`);

  for (const readme of [`${folder}README.md`, `${folder}README.zh.md`]) {
    const text = read(readme);

    test(`every path that ${readme} names exists`, () => {
      const named = pathsOf(text);
      assert.ok(named.length >= paths, `only ${named.length} paths were found`);
      assert.deepEqual(
        named.filter((path) => !existsSync(new URL(path, ROOT))),
        [],
      );
    });

    test(`every link of ${readme} leads somewhere`, () => {
      const here = new URL(readme, ROOT);
      const links = [...text.matchAll(LINK)];
      assert.ok(links.length >= 3, `only ${links.length} links were found`);
      for (const [link, path = '', anchor] of links) {
        const target = path === '' ? here : new URL(path, here);
        assert.ok(existsSync(target), link);
        if (anchor === undefined) continue;
        assert.ok(anchorsOf(readFileSync(target, 'utf8')).includes(anchor), link);
      }
    });

    test(`every test title that ${readme} names is in the file it names`, () => {
      const named = titlesOf(text);
      assert.ok(named.length >= titles, `only ${named.length} titles were found`);
      assert.deepEqual(
        named.filter(({ file, title }) => !read(file).includes(title)),
        [],
      );
    });
  }

  test(`${folder}README.md and ${folder}README.zh.md name the same paths and titles`, () => {
    const chinese = read(`${folder}README.zh.md`);
    assert.deepEqual(new Set(pathsOf(chinese)), new Set(pathsOf(english)));
    assert.deepEqual(titlesOf(chinese), titlesOf(english));
  });
}

test('lib/README.md names every file of lib/', () => {
  const files = readdirSync(new URL('lib', ROOT), { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => /\.m?[jt]s$/.test(file)).map((file) => `lib/${file}`);
  const named = new Set(pathsOf(read('lib/README.md')));
  assert.deepEqual(
    code.filter((file) => !named.has(file)),
    [],
  );
});

for (const readme of ['README.md', 'README.zh.md']) {
  const text = read(readme);

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
