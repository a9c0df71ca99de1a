import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Database } from '../../lib/db/queries.ts';
import { applySchema } from '../../lib/db/schema.ts';
import type { Term } from '../../lib/db/terms.ts';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf } from '../support/http.ts';

/** Asks a server for suggestions; the query as it stands in the URL. */
async function suggestions(url: string, query: string): Promise<Term[]> {
  const response = await fetch(`${url}/suggest?${query}`);
  assert.equal(response.status, 200, query);
  const { terms } = (await response.json()) as { terms: Term[] }; // the contract's form
  return terms;
}

const names = (terms: readonly Term[]) => terms.map(({ term }) => term);

describe('GET /suggest', { skip: noDatabaseProgram }, () => {
  const cases: [what: string, q: string, expected: string[]][] = [
    ['finds the terms that begin so', 'cal', ['callback']],
    ['orders them by the alphabet', 'pr', ['prepared statement', 'primary key', 'promise']],
    ['does not care about case', 'cReAtE', ['createXhr']],
    ['finds a whole term', 'SECRET_KEY', ['SECRET_KEY']],
    ['finds Chinese terms', '会话', ['会话', '会话固定']],
    ['finds nothing in the middle of a term', 'Request', []],
    ['takes % for a letter', '%', ['%20']],
    ['takes _ for a letter', '_', ['__Host-']],
    ['lets _ stand for no other letter', 'pos_', []],
    ['lets % stand for nothing but itself', 'a%', []],
    ['takes the escape sign for a letter', 'get!', []],
    ['takes it for one in front as well', '!get', []],
    ['takes \\ for a letter', 'get\\', []],
    ['takes quotes for letters', "' OR ''='", []],
    ['takes a blank at the end for a letter', 'get ', []],
    ['tells letters with accents apart', 'sés', []],
  ];
  for (const [what, q, expected] of cases) {
    test(`${what}: ${q}`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const terms = await suggestions(url, `q=${encodeURIComponent(q)}`);
      assert.deepEqual(names(terms), expected);
    });
  }

  test('returns at most eight, each with its text', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const terms = await suggestions(url, 'q=s');
    assert.equal(terms.length, 8);
    for (const { term, text, ...rest } of terms) {
      assert.match(term, /^s/i);
      assert.ok(text.length > 0, term);
      assert.deepEqual(rest, {});
    }
  });

  test('explains in English, or in Chinese when asked to', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const [plain] = await suggestions(url, 'q=session%20id');
    const [english] = await suggestions(url, 'q=session%20id&lang=en');
    const [chinese] = await suggestions(url, 'q=session%20id&lang=zh');
    assert.deepEqual(plain, english);
    assert.match(english?.text ?? '', /^[\x20-\x7e]+$/);
    assert.match(chinese?.text ?? '', /\p{Script=Han}/u);
  });

  test('takes 64 characters, of any script', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    for (const character of ['a', '会', '😀']) {
      const q = encodeURIComponent(character.repeat(64));
      assert.deepEqual(await suggestions(url, `q=${q}`), []);
    }
  });

  test('is answered late by /lab/suggest, with the same terms', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const response = await fetch(`${url}/lab/suggest?q=cal&ms=1`);
    const { terms } = (await response.json()) as { terms: Term[] }; // as above
    assert.deepEqual(names(terms), ['callback']);
  });
});

describe('the glossary at a start', { skip: noDatabaseProgram }, () => {
  const count = async (database: Database, table: string) => {
    const [row] = await database.select(`SELECT COUNT(*) AS n FROM ${table}`, []);
    return Number(row?.n);
  };
  /** What a start does with a database that is there. */
  const startAgain = async (database: Database) => {
    const [row] = await database.select('SELECT @@socket AS path', []);
    await applySchema({ socketPath: String(row?.path), user: 'root', database: 'ajax' });
  };

  test('comes to an older database that has users and no terms', async () => {
    const database = await testDatabase();
    const users = await count(database, 'users');
    await database.select('DROP TABLE terms', []);
    await startAgain(database);
    assert.ok((await count(database, 'terms')) >= 40);
    assert.equal(await count(database, 'users'), users);
  });

  test('stays as it was when it is there, and without what somebody has deleted', async () => {
    const database = await testDatabase();
    const before = await count(database, 'terms');
    await database.select('DELETE FROM terms WHERE term = ?', ['Vary']);
    await startAgain(database);
    assert.equal(await count(database, 'terms'), before - 1);
  });

  test('explains each term in both languages', async () => {
    const rows = await (await testDatabase()).select('SELECT text_en, text_zh FROM terms', []);
    for (const { text_en: english, text_zh: chinese } of rows) {
      assert.match(String(english), /^[^\p{Script=Han}]+[.?)]$/u);
      assert.match(String(chinese), /\p{Script=Han}.*[。？]$/u);
    }
  });
});

test('GET /suggest finds nothing for nothing, and asks no database for it', async (t) => {
  const { url } = await startApp(t);
  for (const query of ['q=', '', 'lang=zh']) assert.deepEqual(await suggestions(url, query), []);
});

test('GET /suggest answers 503 while there is no database', async (t) => {
  const { url } = await startApp(t);
  const response = await fetch(`${url}/suggest?q=s`);
  assert.equal(response.status, 503);
  assert.equal(await codeOf(response), 'database_unavailable');
});

const refused: [what: string, path: string, code: string][] = [
  ['65 characters', `/suggest?q=${'a'.repeat(65)}`, 'invalid_q'],
  ['65 characters that take more bytes', `/suggest?q=${'%E4%BC%9A'.repeat(65)}`, 'invalid_q'],
  ['a language that it does not speak', '/suggest?q=s&lang=fr', 'invalid_lang'],
  ['a second q', '/suggest?q=s&q=t', 'duplicate_field'],
  ['a field that is not known', '/suggest?q=s&limit=9', 'unknown_field'],
  ['to be late without a time', '/lab/suggest?q=s', 'out_of_range'],
  ['to be later than 10 s', '/lab/suggest?q=s&ms=10001', 'out_of_range'],
  ['a time that is no number', '/lab/suggest?q=s&ms=1e3', 'out_of_range'],
];
for (const [what, path, code] of refused) {
  test(`search suggestion refuses ${what}`, async (t) => {
    const { url } = await startApp(t);
    const response = await fetch(url + path);
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), code);
  });
}
