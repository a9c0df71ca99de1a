/**
 * The environment: what each variable may be, and what whoever set it wrong is told.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { ConfigError, loadConfig } from '../../lib/config.ts';

const KEY = 'k'.repeat(32);

/** The message for an environment that cannot be used. */
function messageFor(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
  assert.fail(`${JSON.stringify(env)} was taken`);
}

test('an empty environment is good, and has the defaults that are promised', () => {
  const { secretKeys, ...config } = loadConfig({});
  assert.deepEqual(config, {
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    sessions: { idleMs: 1_800_000, maxAgeMs: 28_800_000, limit: 100_000 },
    sessionStore: 'memory',
    trustProxy: 0,
    checkUnamePerMinute: 60,
    loginFailures: 5,
    lab: true,
    log: true,
  });
  assert.equal(secretKeys.length, 1);
  assert.match(secretKeys[0] ?? '', /^[0-9a-f]{64}$/);
  assert.notDeepEqual(secretKeys, loadConfig({}).secretKeys, 'a new key at each start');
});

test('an empty value counts as unset, but for SECRET_KEY', () => {
  const names = ['PORT', 'HOST', 'DATABASE_URL', 'TRUST_PROXY', 'LAB', 'LOG', 'SESSION_LIMIT'];
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  const { secretKeys: _, ...config } = loadConfig(empty);
  const { secretKeys: __, ...defaults } = loadConfig({});
  assert.deepEqual(config, defaults);
  assert.match(messageFor({ SECRET_KEY: '' }), /^SECRET_KEY must be 32 characters or more/);
});

test('in production the lessons are off unless asked for', () => {
  const env = { NODE_ENV: 'production', SECRET_KEY: KEY };
  assert.equal(loadConfig(env).lab, false);
  assert.equal(loadConfig({ ...env, LAB: 'on' }).lab, true);
  assert.equal(loadConfig({ LAB: 'off' }).lab, false);
});

const numbers: [name: string, min: number, max: number][] = [
  ['PORT', 0, 65_535],
  ['SESSION_IDLE_SECONDS', 1, 31_536_000],
  ['SESSION_MAX_AGE_SECONDS', 1, 31_536_000],
  ['SESSION_LIMIT', 1, 10_000_000],
  ['TRUST_PROXY', 0, 10],
  ['CHECK_UNAME_PER_MINUTE', 0, 1_000_000],
  ['LOGIN_FAILURES', 0, 1000],
];
for (const [name, min, max] of numbers) {
  test(`${name} is a whole number from ${min} to ${max}, or the message says so`, () => {
    for (const good of [min, max]) assert.ok(loadConfig({ [name]: String(good) }));
    const bad = [
      String(max + 1),
      '-1',
      '1.5',
      '1e2',
      '0x10',
      ' 1',
      '1 ',
      'one',
      'NaN',
      '١',
      'true',
    ];
    if (min > 0) bad.push(String(min - 1));
    for (const text of bad) {
      const expected = `${name} must be a whole number from ${min} to ${max}, not "${text}"`;
      assert.equal(messageFor({ [name]: text }), expected);
    }
  });
}

test('SESSION_STORE is memory or database, or the message says so', () => {
  assert.equal(loadConfig({ SESSION_STORE: 'memory' }).sessionStore, 'memory');
  const shared = loadConfig({ SESSION_STORE: 'database', SECRET_KEY: KEY });
  assert.equal(shared.sessionStore, 'database');
  for (const text of ['Database', 'redis', ' memory']) {
    const expected = `SESSION_STORE must be "memory" or "database", not "${text}"`;
    assert.equal(messageFor({ SESSION_STORE: text }), expected);
  }
});

test('SECRET_KEY is required with SESSION_STORE=database: its sessions outlive the process', () => {
  const message = messageFor({ SESSION_STORE: 'database' });
  assert.match(
    message,
    /^SECRET_KEY must be set with SESSION_STORE=database; make one with: node -p /,
  );
});

for (const name of ['LAB', 'LOG']) {
  test(`${name} is on or off, or the message says so`, () => {
    for (const good of ['on', 'off']) assert.ok(loadConfig({ [name]: good }));
    for (const text of ['ON', 'true', '1', 'yes', ' on']) {
      assert.equal(messageFor({ [name]: text }), `${name} must be "on" or "off", not "${text}"`);
    }
  });
}

test('DATABASE_URL that cannot be read is refused in the words of lib/db/address.ts', () => {
  const message = messageFor({ DATABASE_URL: 'mysql://user:s3cret@host' });
  assert.match(message, /^DATABASE_URL must look like mysql:/);
});

test('SECRET_KEY may hold several keys, blanks around them do not count, and none is repeated', () => {
  const { secretKeys } = loadConfig({ SECRET_KEY: `${KEY}new, ${KEY}old` });
  assert.deepEqual(secretKeys, [`${KEY}new`, `${KEY}old`]);
  assert.deepEqual(loadConfig({ SECRET_KEY: KEY }).secretKeys, [KEY]);
  for (const text of [
    's3cret',
    `${KEY},s3cret`,
    `${KEY},`,
    `,${KEY}`,
    ' '.repeat(40),
    KEY.slice(1),
    ` ${KEY.slice(1)} `,
  ]) {
    const message = messageFor({ SECRET_KEY: text });
    assert.match(message, /^SECRET_KEY must be 32 characters or more/);
    assert.ok(!message.includes('s3cret') && !message.includes(KEY));
  }
});

test('SECRET_KEY is required in production, and the message says how to make one', () => {
  const message = messageFor({ NODE_ENV: 'production' });
  assert.match(message, /^SECRET_KEY must be set in production; make one with: node -p /);
});

test('.env.example names each variable, with its default', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const named = parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));
  const names = [
    ...numbers.map(([name]) => name),
    'HOST',
    'DATABASE_URL',
    'SECRET_KEY',
    'SESSION_STORE',
    'LAB',
    'LOG',
  ];
  assert.deepEqual(Object.keys(named).sort(), names.sort());
  // These two have no default that could be written down.
  const { DATABASE_URL: url, SECRET_KEY: key, ...values } = named;
  assert.ok(loadConfig({ DATABASE_URL: url }).databaseUrl);
  assert.equal(key, '');
  const { secretKeys: _, ...example } = loadConfig(values);
  const { secretKeys: __, ...defaults } = loadConfig({});
  assert.deepEqual(example, defaults);
});
