/**
 * Accounts: registering, logging in, logging out.
 */
import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { createUsers } from '../../lib/db/users.ts';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf, cookieOf, sendForm } from '../support/http.ts';
import { assertProblem } from '../support/http-wire.ts';

const UPWD = 'correct horse';

describe('POST /register', { skip: noDatabaseProgram }, () => {
  test('stores a user under the canonical name, and gives back what is no secret', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const fields = { uname: 'Ａda_L', upwd: UPWD, nickname: 'Ada & <b>L</b>' };
    const response = await sendForm(`${url}/register`, fields);
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('set-cookie'), null);
    const user: Record<string, unknown> = await response.json();
    assert.deepEqual(Object.keys(user), ['id', 'uname', 'nickname']);
    assert.ok(Number.isSafeInteger(user.id));
    assert.equal(user.uname, 'ada_l');
    assert.equal(user.nickname, 'Ada & <b>L</b>');
  });

  test('keeps a scrypt hash with its parameters, and never the password', async (t) => {
    const database = await testDatabase();
    const { url } = await startApp(t, { database });
    for (const uname of ['twin-1', 'twin-2']) {
      await sendForm(`${url}/register`, { uname, upwd: UPWD, nickname: 'T' });
    }
    const rows = await database.select("SELECT upwd FROM users WHERE uname LIKE 'twin-_'", []);
    const hashes = rows.map(({ upwd }) => String(upwd));
    assert.equal(new Set(hashes).size, 2, 'each has a salt of its own');
    // OWASP's cost, 16 bytes of salt and 32 of hash.
    const strong = /^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/;
    for (const hash of hashes) assert.match(hash, strong);
  });

  test('of 10 registrations of one name at once, one is 201 and the others are 409', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const attempts = Array.from({ length: 10 }, (_, index) =>
      sendForm(`${url}/register`, {
        uname: index % 2 ? 'racer' : 'RACER',
        upwd: UPWD,
        nickname: `${index}`,
      }),
    );
    const responses = await Promise.all(attempts);
    const statuses = responses.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, ...Array<number>(9).fill(409)]);
    const loser = responses.find(({ status }) => status === 409);
    assert.ok(loser);
    assert.equal(await codeOf(loser), 'uname_taken');
  });
});

const good = { uname: 'somebody', upwd: UPWD, nickname: 'S' };
const refused: [what: string, fields: Record<string, string>, code: string][] = [
  ['no name', { uname: '' }, 'invalid_uname'],
  ['a name of 2 letters', { uname: 'ab' }, 'invalid_uname'],
  ['a name of 21 letters', { uname: 'a'.repeat(21) }, 'invalid_uname'],
  ['a name with a blank', { uname: 'ada l' }, 'invalid_uname'],
  ['a password of 7 characters', { upwd: '1234567' }, 'invalid_upwd'],
  ['a password of 129 characters', { upwd: 'x'.repeat(129) }, 'invalid_upwd'],
  ['a password of 7 characters that are 14 in UTF-16', { upwd: '🦊'.repeat(7) }, 'invalid_upwd'],
  ['no password', { upwd: '' }, 'invalid_upwd'],
  ['no nickname', { nickname: '' }, 'invalid_nickname'],
  ['a nickname of blanks', { nickname: '   ' }, 'invalid_nickname'],
  ['a nickname of 33 characters', { nickname: 'x'.repeat(33) }, 'invalid_nickname'],
  ['a nickname with a line break', { nickname: 'a\nb' }, 'invalid_nickname'],
];
for (const [what, fields, code] of refused) {
  test(`POST /register refuses ${what} before it asks the database`, async (t) => {
    const { url } = await startApp(t);
    const response = await sendForm(`${url}/register`, { ...good, ...fields });
    const { status } = response;
    assert.equal(status, 400);
    assertProblem(
      { status, headers: new Map(response.headers), body: await response.text() },
      code,
    );
  });
}

test('POST /register and POST /login take a missing field for an empty one', async (t) => {
  const { url } = await startApp(t);
  const register = await sendForm(`${url}/register`, { uname: 'somebody', upwd: UPWD });
  assert.equal(await codeOf(register), 'invalid_nickname');
  const login = await fetch(`${url}/login`, { method: 'POST' });
  assert.equal(login.status, 401);
  // RFC 9110 §15.5.2
  assert.equal(login.headers.get('www-authenticate'), 'Session');
});

describe('POST /login', { skip: noDatabaseProgram }, () => {
  test('logs in under every spelling of the name, and under a new session id', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    await sendForm(`${url}/register`, { uname: 'grace', upwd: UPWD, nickname: 'Grace' });
    const put = await sendForm(`${url}/session/cart`, { value: 'tea' }, { method: 'PUT' });
    const before = cookieOf(put);
    const init = { headers: { Cookie: before } };
    const login = await sendForm(`${url}/login`, { uname: 'GRACE', upwd: UPWD }, init);
    assert.equal(login.status, 200);
    const text = await login.text();
    assert.deepEqual(JSON.parse(text), { uname: 'grace', nickname: 'Grace' });
    const after = cookieOf(login);
    assert.ok(after !== '' && after !== before);
    const shown = async (cookie: string) =>
      (await fetch(`${url}/session`, { headers: { Cookie: cookie } })).json();
    const { user, data } = await shown(after);
    assert.deepEqual(user, { uname: 'grace', nickname: 'Grace' });
    assert.deepEqual(data, { cart: 'tea' });
    assert.equal((await shown(before)).exists, false, 'the old id is dead');
  });

  test('takes a hash of another cost for what it is: that is how the cost rises', async (t) => {
    const database = await testDatabase();
    const { url } = await startApp(t, { database });
    const salt = Buffer.from('salt');
    const cost = { N: 16, r: 1, p: 1 };
    const b64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const hash = `$scrypt$ln=4,r=1,p=1$${b64(salt)}$${b64(scryptSync(UPWD, salt, 32, cost))}`;
    const user = { uname: 'old-timer', nickname: 'O' };
    await createUsers(database).insert(user, hash);
    const login = await sendForm(`${url}/login`, { uname: user.uname, upwd: UPWD });
    assert.equal(login.status, 200);
  });

  test('says the same of an unknown name and of a wrong password, and opens no session', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    await sendForm(`${url}/register`, { uname: 'known', upwd: UPWD, nickname: 'K' });
    const attempts = [
      { uname: 'known', upwd: 'correct horsf' },
      { uname: 'known', upwd: '' },
      { uname: 'unknown', upwd: UPWD },
      { uname: 'no name!', upwd: UPWD },
      { uname: 'admin', upwd: '!' },
    ];
    const answers = [];
    for (const fields of attempts) {
      const response = await sendForm(`${url}/login`, fields);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('set-cookie'), null);
      answers.push({ ...(await response.json()), requestId: '' });
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(answers[0]?.code, 'bad_credentials');
  });

  test('tells passwords apart that differ only in case or by a blank', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const upwd = `${'long '.repeat(24)}é+&=`;
    await sendForm(`${url}/register`, { uname: 'longword', upwd, nickname: 'L' });
    const status = async (text: string) =>
      (await sendForm(`${url}/login`, { uname: 'longword', upwd: text })).status;
    assert.equal(await status(upwd), 200);
    assert.equal(await status(upwd.normalize('NFD')), 200, 'another keyboard, the same letters');
    for (const other of [upwd.toUpperCase(), `${upwd} `]) {
      assert.equal(await status(other), 401, other);
    }
  });

  test('by many at once leaves the page, its files and everything else where they are', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    let done = 0;
    const logins = Array.from({ length: 4 }, async (_, index) => {
      const fields = { uname: `name-${index}`, upwd: 'wrong' };
      assert.equal((await sendForm(`${url}/login`, fields)).status, 401);
      done += 1;
    });
    for (const path of ['/', '/static/js/common.js', '/healthz', '/check-uname?uname=admin']) {
      const response = await fetch(`${url}${path}`);
      assert.equal(response.status, 200, path);
      await response.text();
    }
    assert.ok(done < logins.length, 'nobody waited until all of them were in');
    await Promise.all(logins);
  });
});

describe('POST /logout', { skip: noDatabaseProgram }, () => {
  test('ends the session on the server and takes the cookie back', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    await sendForm(`${url}/register`, { uname: 'leaver', upwd: UPWD, nickname: 'L' });
    const login = await sendForm(`${url}/login`, { uname: 'leaver', upwd: UPWD });
    const headers = { Cookie: cookieOf(login) };
    const logout = await fetch(`${url}/logout`, { method: 'POST', headers });
    assert.equal(logout.status, 204);
    assert.match(
      logout.headers.get('set-cookie') ?? '',
      /^user-sid=; Max-Age=0; Path=\/; HttpOnly;/,
    );
    const session = await (await fetch(`${url}/session`, { headers })).json();
    assert.deepEqual(session, { exists: false, user: null, data: {} });
    assert.equal((await fetch(`${url}/logout`, { method: 'POST', headers })).status, 204);
  });
});

test('without a database, registering and logging in are 503, logging out is not', async (t) => {
  const { url } = await startApp(t);
  for (const path of ['/register', '/login']) {
    const fields = path === '/login' ? { uname: 'somebody', upwd: UPWD } : good;
    const response = await sendForm(`${url}${path}`, fields);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(await codeOf(response), 'database_unavailable');
  }
  assert.equal((await fetch(`${url}/logout`, { method: 'POST' })).status, 204);
});
