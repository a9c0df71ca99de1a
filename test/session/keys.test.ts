import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { codeOf } from '../support/http.ts';
import { openBrowser } from '../support/session-browser.ts';
import { heapUsed } from '../support/session-heap.ts';

const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'save',
  'cookie',
  'get',
  'set',
  'has',
  'delete',
  'size',
  'user',
  'owner',
  'id',
  '_expire',
  'length',
];
for (const key of hostileKeys) {
  test(`a key named ${key} is plain data`, async (t) => {
    const { url } = await startApp(t);
    const browser = openBrowser(url);
    await browser.put('other', '1');
    assert.equal((await browser.ask('GET', `/session/${key}`)).status, 404);
    await browser.put(key, 'a value');
    const read = await browser.ask('GET', `/session/${key}`);
    assert.deepEqual(await read.json(), { key, value: 'a value' });

    const { exists, user, data } = await browser.state();
    const shown = new Map(Object.entries(data));
    assert.deepEqual(shown, new Map(Object.entries({ other: '1' })).set(key, 'a value'));
    assert.deepEqual({ exists, user }, { exists: true, user: null });
    assert.equal((await browser.ask('GET', '/sessions')).status, 401);

    assert.equal((await browser.ask('DELETE', `/session/${key}`)).status, 204);
    assert.equal((await browser.ask('DELETE', `/session/${key}`)).status, 404);
    assert.deepEqual((await browser.state()).data, { other: '1' });
  });
}

const keys: [what: string, key: string, isKey: boolean][] = [
  ['one letter', 'a', true],
  ['64 letters', 'k'.repeat(64), true],
  ['64 letters of two bytes and more', '键'.repeat(64), true],
  ['64 letters outside the first plane', '𝒜'.repeat(64), true],
  ['letters with marks of their own', 'नाम', true],
  ['all that is allowed', 'aZ09_-.', true],
  ['two dots in a name', '..a', true],
  ['65 letters', 'k'.repeat(65), false],
  ['a blank', 'a b', false],
  ['a slash', 'a/b', false],
  ['a colon', 'page:a', false],
  ['a line feed at the end', 'a\n', false],
  ['an emoji', '🙂', false],
  ['a fraction, which is no digit', '½', false],
];
for (const [what, key, isKey] of keys) {
  test(`PUT /session/:key ${isKey ? 'takes' : 'refuses'} a key of ${what}`, async (t) => {
    const { url } = await startApp(t);
    const browser = openBrowser(url);
    const path = `/session/${encodeURIComponent(key)}`;
    const response = await browser.ask('PUT', path, { value: '1' });
    assert.equal(response.status, isKey ? 201 : 400);
    if (!isKey) assert.equal(await codeOf(response), 'invalid_key');
    assert.equal((await browser.ask('GET', path)).status, isKey ? 200 : 400);
  });
}

const values: [what: string, fields: Record<string, string>, code: string | undefined][] = [
  ['takes an empty value', { value: '' }, undefined],
  ['takes 4,096 bytes', { value: 'v'.repeat(4096) }, undefined],
  ['takes 1,365 letters of three bytes', { value: '值'.repeat(1365) }, undefined],
  ['takes a value as it is', { value: 'a&b=c+d %41 <b>\r\n"\u0001' }, undefined],
  ['refuses 4,097 bytes', { value: 'v'.repeat(4097) }, 'invalid_value'],
  ['refuses 1,366 letters of three bytes', { value: '值'.repeat(1366) }, 'invalid_value'],
  ['refuses a form without a value', {}, 'invalid_value'],
  ['refuses another field', { value: '1', owner: 'admin' }, 'unknown_field'],
];
for (const [what, fields, code] of values) {
  test(`PUT /session/:key ${what}`, async (t) => {
    const { url } = await startApp(t);
    const browser = openBrowser(url);
    const response = await browser.ask('PUT', '/session/level', fields);
    assert.equal(response.status, code === undefined ? 201 : 400);
    if (code === undefined) {
      assert.deepEqual(await response.json(), { key: 'level', value: fields.value });
      assert.deepEqual((await browser.state()).data, { level: fields.value });
    } else {
      assert.equal(await codeOf(response), code);
      assert.equal((await browser.state()).exists, false);
    }
  });
}

test('PUT /session/:key refuses a 65th key, and still changes the others', async (t) => {
  const { url } = await startApp(t);
  const browser = openBrowser(url);
  for (let number = 1; number <= 64; number += 1) await browser.put(`key-${number}`, '1');
  const response = await browser.ask('PUT', '/session/key-65', { value: '1' });
  assert.equal(response.status, 400);
  assert.equal(await codeOf(response), 'too_many_keys');
  await browser.put('key-1', '2');
  assert.equal((await browser.ask('DELETE', '/session/key-2')).status, 204);
  await browser.put('key-65', '1');
  assert.equal(Object.keys((await browser.state()).data).length, 64);
});

test('what a session keeps does not keep the request that it came in', async (t) => {
  const { url, lines } = await startApp(t);
  const SESSIONS = 400;
  const store = async (number: number) => {
    // As long as a URL and a body may be, with nothing in them but blanks between fields.
    const key = `a-key-that-is-long-enough-${number}`;
    const response = await fetch(`${url}/session/${key}?${'&'.repeat(8000)}`, {
      method: 'PUT',
      body:
        new URLSearchParams({ value: `a-value-that-is-long-enough-${number}` }) +
        '&'.repeat(16_000),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(response.status, 201);
    await response.arrayBuffer();
  };
  for (let number = 0; number < 50; number += 1) await store(number);
  const before = heapUsed();
  for (let number = 0; number < SESSIONS; number += 1) await store(number);
  (lines as string[]).length = 0; // the test's own log keeps whole URLs
  const each = (heapUsed() - before) / SESSIONS;
  // The requests of `fetch` leave some 4 KiB each; a URL or a body that is kept adds 8 or 16 to that.
  assert.ok(each < 8192, `${each} bytes for a session with a short key and a short value`);
});
