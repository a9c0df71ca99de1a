import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf, sendForm } from '../support/http.ts';

describe('GET /check-uname', { skip: noDatabaseProgram }, () => {
  const cases: [what: string, name: string, uname: string, exists: boolean][] = [
    ['says that a taken name exists', 'admin', 'admin', true],
    ['says that a free name does not exist', 'nobody-yet', 'nobody-yet', false],
    ['holds Admin and admin for one name', 'Admin', 'admin', true],
    ['holds full-width letters for the same', 'ＡＤＭＩＮ', 'admin', true],
    ['tells letters with accents apart', 'ádmin', 'ádmin', false],
    ['takes letters of any script', '小明同学', '小明同学', false],
    ['keeps what looks like SQL a name', 'or_1-1', 'or_1-1', false],
    ['does not compare names as numbers', '000', '000', false],
  ];
  for (const [what, name, uname, exists] of cases) {
    test(`${what}: ${name}`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const response = await fetch(`${url}/check-uname?uname=${encodeURIComponent(name)}`);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { uname, exists });
    });
  }

  test('finds a name as soon as it is registered', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const check = async () => (await fetch(`${url}/check-uname?uname=newcomer`)).json();
    assert.deepEqual(await check(), { uname: 'newcomer', exists: false });
    const fields = { uname: 'NewComer', upwd: 'correct horse', nickname: 'New' };
    assert.equal((await sendForm(`${url}/register`, fields)).status, 201);
    assert.deepEqual(await check(), { uname: 'newcomer', exists: true });
  });
});

const refused: [what: string, query: string, code: string][] = [
  ['two letters', 'uname=ab', 'invalid_uname'],
  ['21 letters', `uname=${'a'.repeat(21)}`, 'invalid_uname'],
  ['no name', '', 'invalid_uname'],
  ['a blank at the end', 'uname=admin%20', 'invalid_uname'],
  ['quotes', 'uname=%22admin%22', 'invalid_uname'],
  ['a letter that nobody sees', 'uname=admin%E3%85%A4', 'invalid_uname'],
  ['a mark in front', 'uname=%CC%81admin', 'invalid_uname'],
  ['a second uname', 'uname=abc&uname=abd', 'duplicate_field'],
  ['a field that is not known', 'uname=abc&x=1', 'unknown_field'],
  ['broken percent-encoding', 'uname=%zz', 'bad_request'],
];
for (const [what, query, code] of refused) {
  test(`GET /check-uname refuses ${what} before it asks the database`, async (t) => {
    const { url } = await startApp(t);
    const response = await fetch(`${url}/check-uname?${query}`);
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), code);
  });
}

test('GET /check-uname answers 503 while there is no database', async (t) => {
  const { url } = await startApp(t);
  const response = await fetch(`${url}/check-uname?uname=admin`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '1');
  assert.equal(await codeOf(response), 'database_unavailable');
});

test('GET /check-uname answers 429 after too many checks from one address', async (t) => {
  let ms = 0;
  const config = { checkUnamePerMinute: 2, trustProxy: 1 };
  const { url } = await startApp(t, { config, now: () => ms });
  const check = (address = '1.1.1.1') =>
    fetch(`${url}/check-uname?uname=ab`, { headers: { 'X-Forwarded-For': address } });
  assert.equal((await check()).status, 400);
  assert.equal((await check()).status, 400);
  // Rounded up: whoever waits so long is let through.
  for (const [at, seconds] of [
    [0, '30'],
    [1, '30'],
    [28_999, '2'],
    [29_999, '1'],
  ] as const) {
    ms = at;
    const refused = await check();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), seconds, `${at}`);
  }
  assert.equal((await check('2.2.2.2')).status, 400, 'another address has checks of its own');
  ms = 30_000;
  assert.equal((await check()).status, 400);
});
