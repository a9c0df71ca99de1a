import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../lib/config.ts';
import { startApp } from '../support/app.ts';
import { idOf, openBrowser } from '../support/session-browser.ts';
import { createTestStore, TIMEOUTS } from '../support/session-store.ts';

const OLD = 'old-key-'.repeat(4);
const NEW = 'new-key-'.repeat(4);

const refused: [what: string, env: Record<string, string>][] = [
  ['empty', { SECRET_KEY: '' }],
  ['one letter and an empty second key', { SECRET_KEY: 'a,' }],
  ['31 characters long', { SECRET_KEY: 'k'.repeat(31) }],
  ['long enough, but the second is not', { SECRET_KEY: `${NEW},short` }],
  ['long enough, with an empty second', { SECRET_KEY: `${NEW},` }],
  ['32 blanks', { SECRET_KEY: ' '.repeat(32) }],
  ['not set in production', { NODE_ENV: 'production' }],
  ['empty in production', { NODE_ENV: 'production', SECRET_KEY: '' }],
];
for (const [what, env] of refused) {
  test(`a SECRET_KEY that is ${what} is refused, and the line says how to make one`, () => {
    assert.throws(
      () => loadConfig(env),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /^SECRET_KEY must be .*make one with: node -p "/);
        assert.doesNotMatch(error.message, /\n/);
        for (const secret of env.SECRET_KEY?.split(',') ?? []) {
          // A key of one letter is in any sentence.
          if (secret.trim().length > 1) assert.ok(!error.message.includes(secret));
        }
        return true;
      },
    );
  });
}

const accepted: [what: string, text: string, keys: string[]][] = [
  ['of 32 characters', NEW, [NEW]],
  ['and the one before', `${NEW},${OLD}`, [NEW, OLD]],
  ['with blanks around it', ` ${NEW} , ${OLD} `, [NEW, OLD]],
];
for (const [what, text, keys] of accepted) {
  test(`a SECRET_KEY ${what} is accepted in production`, () => {
    const { secretKeys } = loadConfig({ NODE_ENV: 'production', SECRET_KEY: text });
    assert.deepEqual(secretKeys, keys);
  });
}

test('without SECRET_KEY each start makes a random one', () => {
  const [[one = ''], [other]] = [loadConfig({}).secretKeys, loadConfig({}).secretKeys];
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.notEqual(one, other);
});

test('the first key signs, by HMAC-SHA-256, and every key verifies', async (t) => {
  const store = await createTestStore({ ...TIMEOUTS, limit: 10 });
  const start = async (...secretKeys: string[]) =>
    openBrowser((await startApp(t, { store, config: { secretKeys } })).url);
  const before = await start(OLD);
  await before.put('level', 'user');
  const id = idOf(before.cookie);
  const signature = createHmac('sha256', OLD).update(id).digest('base64url');
  assert.equal(before.cookie, `sid=${id}.${signature}`);

  const rotated = await start(NEW, OLD);
  rotated.cookie = before.cookie;
  const response = await rotated.ask('GET', '/session/level');
  assert.equal(response.status, 200);
  assert.deepEqual(response.headers.getSetCookie(), []);

  const later = await start(NEW);
  later.cookie = before.cookie;
  assert.equal((await later.state()).exists, false);
  rotated.cookie = '';
  await rotated.put('level', 'user');
  later.cookie = rotated.cookie;
  assert.equal((await later.state()).exists, true);
});
