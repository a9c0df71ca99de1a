/**
 * A cookie signed and verified with the reader's own keys: the functions are those of the session.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { codeOf, sendForm } from '../support/http.ts';

const SIGNED = /^[\w-]{43}\.[\w-]{43}$/;

async function send(url: string, fields: Record<string, string>) {
  const response = await sendForm(`${url}/lab/cookie`, fields);
  assert.equal(response.status, 200);
  return (await response.json()) as { cookie: string; signedBy: number }; // the lesson's own form
}

test('POST /lab/cookie signs a new id, and names the key that has signed a cookie', async (t) => {
  const { url } = await startApp(t);
  const { cookie, signedBy } = await send(url, { keys: 'one' });
  assert.match(cookie, SIGNED);
  assert.equal(signedBy, 0);
  assert.notEqual((await send(url, { keys: 'one' })).cookie, cookie);
  const other = (cookie.startsWith('A') ? 'B' : 'A') + cookie.slice(1);
  for (const [keys, value, expected] of [
    ['one', cookie, 0],
    ['two,one', cookie, 1],
    ['two', cookie, -1],
    ['one', other, -1],
    ['one', `${cookie}; sid=${cookie}`, 0],
    ['one', '', -1],
  ] as const) {
    const answer = await send(url, { keys, cookie: value });
    assert.deepEqual(answer, { cookie: value, signedBy: expected }, `${keys} ${value}`);
  }
});

test('POST /lab/cookie refuses an empty key, and there is none of it with LAB off', async (t) => {
  const { url } = await startApp(t);
  for (const fields of [{}, { keys: '' }, { keys: 'one,' }]) {
    const response = await sendForm(`${url}/lab/cookie`, fields);
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), 'out_of_range');
  }
  const { url: plain } = await startApp(t, { config: { lab: false } });
  assert.equal((await sendForm(`${plain}/lab/cookie`, { keys: 'one' })).status, 404);
});
