/**
 * Guessing at passwords: what the waits hold back, and whom they leave alone.
 */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf, sendForm } from '../support/http.ts';
import { registerUsers, UPWD } from '../support/session-browser.ts';

const MINUTE_MS = 60_000;

/**
 * A server with a clock to turn, and `owner` registered. A name that nobody has costs a scrypt, so
 * let there be few.
 */
async function start(t: TestContext, loginFailures = 2) {
  let at = 1_000_000;
  const config = { loginFailures, trustProxy: 1 };
  const { url } = await startApp(t, { config, now: () => at, database: await testDatabase() });
  await registerUsers('owner');

  function logIn(uname: string, upwd: string, address = '1.1.1.1') {
    return sendForm(`${url}/login`, { uname, upwd }, { headers: { 'X-Forwarded-For': address } });
  }
  return {
    logIn,
    fail: async (uname: string, address?: string) => (await logIn(uname, 'wrong', address)).status,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

describe('POST /login', { skip: noDatabaseProgram }, () => {
  test('makes an account wait after the free failures, and says for how long', async (t) => {
    const { logIn, fail, pass } = await start(t, 1);
    assert.equal(await fail('owner'), 401);
    const refused = await logIn('owner', UPWD, '2.2.2.2');
    assert.equal(refused.status, 429, 'the right password has to wait as well');
    assert.equal(refused.headers.get('retry-after'), '900');
    assert.equal(await codeOf(refused), 'too_many_requests');
    pass(15 * MINUTE_MS - 1);
    assert.equal((await logIn('owner', UPWD, '2.2.2.2')).headers.get('retry-after'), '1');
    pass(1);
    assert.equal((await logIn('owner', UPWD, '2.2.2.2')).status, 200);
  });

  test('lets about a hundred guesses a day through at one account, however they are spread', async (t) => {
    const { fail, pass } = await start(t, 5);
    let guesses = 0;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      if ((await fail('owner', `${minute}.1.1.1`)) === 401) guesses += 1;
      pass(MINUTE_MS);
    }
    assert.ok(guesses > 90 && guesses < 110, `${guesses}`);
  });

  test('refused for the account costs the address nothing', async (t) => {
    const { fail } = await start(t);
    for (const address of ['1.1.1.1', '2.2.2.2']) await fail('owner', address);
    for (let count = 0; count < 5; count += 1) assert.equal(await fail('owner', '3.3.3.3'), 429);
    assert.equal(await fail('another', '3.3.3.3'), 401);
  });

  test('counts failures on an account from wherever they come', async (t) => {
    const { fail } = await start(t);
    for (const address of ['1.1.1.1', '2.2.2.2']) {
      assert.equal(await fail('owner', address), 401);
    }
    assert.equal(await fail('owner', '3.3.3.3'), 429);
    assert.equal(await fail('another', '3.3.3.3'), 401);
  });

  test('counts failures from an address on whatever account', async (t) => {
    const { fail } = await start(t);
    for (const uname of ['one1', 'two2']) assert.equal(await fail(uname), 401);
    assert.equal(await fail('three'), 429);
    assert.equal(await fail('three', '2.2.2.2'), 401);
  });

  test('holds all spellings of a name for one account, of a name that nobody has, too', async (t) => {
    const { fail } = await start(t);
    const spellings = ['NOBODY', 'Ｎｏｂｏｄｙ', 'nobody'];
    const statuses = [];
    for (const [index, uname] of spellings.entries()) {
      statuses.push(await fail(uname, `${index}.1.1.1`));
    }
    assert.deepEqual(statuses, [401, 401, 429]);
  });

  test('counts attempts that come at the same time', async (t) => {
    const { fail } = await start(t);
    const attempts = Array.from({ length: 20 }, (_, index) => fail('owner', `${index}.1.1.1`));
    const statuses = (await Promise.all(attempts)).sort();
    assert.deepEqual(statuses, [401, 401, ...Array<number>(18).fill(429)]);
  });

  test('forgives an owner who gets in what was mistyped before', async (t) => {
    const { logIn, fail, pass } = await start(t);
    for (let round = 0; round < 2; round += 1) {
      assert.equal(await fail('owner'), 401);
      assert.equal((await logIn('owner', UPWD)).status, 200);
      pass(MINUTE_MS); // the address gets one back a minute
    }
  });

  test('does not forgive guesses at others because of a login in between', async (t) => {
    const { logIn, fail } = await start(t);
    const statuses = [];
    for (const uname of ['one1', 'two2', 'three']) {
      statuses.push(await fail(uname), (await logIn('owner', UPWD)).status);
    }
    assert.deepEqual(statuses, [401, 200, 401, 429, 429, 429]);
  });
});

test('POST /login does not count it as a failure when the database does not answer', async (t) => {
  const { url } = await startApp(t, { config: { loginFailures: 1 } });
  for (let count = 0; count < 4; count += 1) {
    const response = await sendForm(`${url}/login`, { uname: 'owner', upwd: 'whatever' });
    assert.equal(response.status, 503);
  }
});
