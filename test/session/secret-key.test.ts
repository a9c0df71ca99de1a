import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../lib/config.ts';
import { startApp } from '../support/app.ts';
import { idOf, openBrowser } from '../support/session-browser.ts';

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
  const { url } = await startApp(t, { config: { secretKeys: [NEW, OLD] } });
  const browser = openBrowser(url);
  await browser.put('level', 'user');
  const id = idOf(browser.cookie);
  const signedWith = (key: string) =>
    `sid=${id}.${createHmac('sha256', key).update(id).digest('base64url')}`;
  assert.equal(browser.cookie, signedWith(NEW));

  browser.cookie = signedWith(OLD);
  const response = await browser.ask('GET', '/session/level');
  assert.equal(response.status, 200);
  assert.deepEqual(response.headers.getSetCookie(), []);

  browser.cookie = signedWith('taken-away-key'.repeat(3));
  assert.equal((await browser.state()).exists, false);
});
