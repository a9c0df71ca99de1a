/**
 * The environment and `.env`: what each setting may be, and the message when it is not.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { ConfigError, loadConfig, readEnvFile } from '../../lib/config.ts';
import { copyProject, runProcess, startProcess, temporaryFolder } from '../support/process.ts';

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
    sessions: { idleMs: 1_800_000, absoluteMs: 28_800_000, limit: 10_000 },
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

const badUrls: [what: string, text: string, hint: RegExp][] = [
  ['no URL', 'localhost:3306', /%25/],
  ['another protocol', 'postgres://user:s3cret@host/ajax', /%25/],
  ['no host', 'mysql:///ajax', /%25/],
  ['two hosts', 'mysql://user:s3cret@a:3306,b:3306/ajax', /%25/],
  ['no database', 'mysql://user:s3cret@host', /%25/],
  ['an empty database', 'mysql://user:s3cret@host/', /%25/],
  ['two databases', 'mysql://user:s3cret@host/a/b', /%25/],
  ['a port that is none', 'mysql://user:s3cret@host:99999/ajax', /%25/],
  ['port 0', 'mysql://user:s3cret@host:0/ajax', /%25/],
  ['an open bracket', 'mysql://user:s3cret@[::1/ajax', /%25/],
  ['a fragment', 'mysql://user:s3cret@host/ajax#x', /%25/],
  ['a bare percent sign in the password', 'mysql://user:s3cret%@host/ajax', /% as %25/],
  ['a slash in the password', 'mysql://user:s3c/ret@host/ajax', /\/ as %2F/],
  ['a question mark in the password', 'mysql://user:s3c?ret@host/ajax', /\? as %3F/],
  ['a number sign in the password', 'mysql://user:s3c#ret@host/ajax', /# as %23/],
  ['an option that is not known', 'mysql://user:s3cret@host/ajax?charset=latin1', /ssl=true/],
  ['ssl that is off', 'mysql://user:s3cret@host/ajax?ssl=false', /ssl=true/],
  ['ssl to an address, which no certificate names', 'mysql://u:s3cret@10.0.0.1/x?ssl=true', /name/],
  ['ssl to an IPv6 address', 'mysql://user:s3cret@[::1]/ajax?ssl=true', /name/],
];
for (const [what, url, hint] of badUrls) {
  test(`DATABASE_URL with ${what} is refused, and its password not repeated`, () => {
    const message = messageFor({ DATABASE_URL: url });
    const form = 'DATABASE_URL must look like mysql://user:password@host:3306/ajax; ';
    assert.ok(message.startsWith(form), message);
    assert.match(message, hint);
    assert.doesNotMatch(message.slice(form.length), /s3c|ret/);
  });
}

/** The address of a DATABASE_URL. */
const addressOf = (url: string) => loadConfig({ DATABASE_URL: url }).databaseUrl;

test('DATABASE_URL says where the database is, and the account there', () => {
  const login = { user: 'user', password: 'password', database: 'ajax', tls: false };
  const at = (host: string, port: number) => ({ host, port, ...login });
  assert.deepEqual(addressOf('mysql://user:password@host:3307/ajax'), at('host', 3307));
  assert.deepEqual(addressOf('mysql://user:password@[::1]:3307/ajax'), at('::1', 3307));
  assert.equal(addressOf('mysql://u:p@db.example:3307/db?ssl=true')?.tls, true);
});

test('DATABASE_URL may leave out the port, the password and the user', () => {
  for (const url of ['mysql://user@host/ajax', 'mysql://host/ajax']) {
    const { port, password } = addressOf(url) ?? {};
    assert.deepEqual([port, password], [3306, '']);
  }
});

test('DATABASE_URL takes every character percent-encoded, and @ and : in the password as they are', () => {
  const odd = 'p@ss:w/ö%r#d?\\ "';
  const url = `mysql://${encodeURIComponent(odd)}:${encodeURIComponent(odd)}@h/a%60b`;
  const { user, password, database } = addressOf(url) ?? {};
  assert.deepEqual([user, password, database], [odd, odd, 'a`b']);
  assert.equal(addressOf('mysql://u:p@s:s@h/ajax')?.password, 'p@s:s');
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

const BOM = '\uFEFF';
const files: [what: string, text: string, port: number, host: string][] = [
  ['nothing', '', 3000, '127.0.0.1'],
  ['a variable a line', 'PORT=1\nHOST=::1\n', 1, '::1'],
  ['lines as Windows ends them', 'PORT=1\r\nHOST=::1\r\n', 1, '::1'],
  ['comments and empty lines', '# PORT=2\n\nHOST=::1 # here\n# there\nPORT=1', 1, '::1'],
  ['export, blanks around', 'export PORT=1\n HOST = ::1 \n', 1, '::1'],
  ['quotes', `HOST="a # b"\nPORT='1' # yes`, 1, 'a # b'],
  ['an empty value', 'PORT=\nHOST=""', 3000, '127.0.0.1'],
];
for (const [what, text, port, host] of files) {
  test(`a .env with ${what} is read as it is meant`, () => {
    const config = loadConfig({}, text);
    assert.deepEqual([config.port, config.host], [port, host]);
  });
}

const badFiles: [what: string, text: string, complaint: RegExp][] = [
  ['with a line that sets nothing', 'PORT=1\nHOST\n', /^\.env: /],
  ['with a line that sets nothing before another', 'HOST\nPORT=1\n', /^\.env: /],
  ['with a misspelt name', '\n\nSESION_LIMIT=1', /^\.env: "SESION_LIMIT" is no setting/],
  ['with a name that only Node reads', 'NODE_EXTRA_CA_CERTS=a.pem', /"NODE_EXTRA_CA_CERTS"/],
  ['with a name twice', 'PORT=1\nHOST=a\nPORT=2', /3 lines set 2 names/],
  ['with a line below a line of blanks', 'PORT=1\n   \nHOST', /^\.env: /],
];
for (const [what, text, complaint] of badFiles) {
  test(`a .env ${what} stops the start`, () => {
    const isSo = (error: unknown) => error instanceof ConfigError && complaint.test(error.message);
    assert.throws(() => loadConfig({}, text), isSo);
  });
}

const encodings: [what: string, content: Buffer][] = [
  ['UTF-16', Buffer.from(`${BOM}PORT=1\n`, 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('PORT=1\n', 'utf16le')],
  ['Latin-1', Buffer.from('HOST=caf\xe9', 'latin1')],
];
for (const [what, content] of encodings) {
  test(`a .env in ${what} stops the start`, async (t) => {
    const path = join(await temporaryFolder(t), '.env');
    await writeFile(path, content);
    assert.throws(() => loadConfig({}, readEnvFile(path)), ConfigError);
  });
}

test('a byte order mark before .env is passed over', async (t) => {
  const path = join(await temporaryFolder(t), '.env');
  await writeFile(path, `${BOM}PORT=1\nHOST=::1`);
  assert.equal(loadConfig({}, readEnvFile(path)).port, 1);
});

test('a .env that is not there is empty; one that cannot be read stops the start', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal(readEnvFile(join(folder, '.env')), '');
  assert.throws(() => readEnvFile(folder), { code: 'EISDIR' });
});

const NO_DATABASE = { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax' };

test('the real environment wins over .env', async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await writeFile(join(folder, '.env'), 'LAB=off\nPORT=1\nHOST=127.0.0.2\n');
  const { url } = await startProcess(t, folder, { env: { ...NO_DATABASE, HOST: '127.0.0.1' } });
  assert.equal(new URL(url).hostname, '127.0.0.1');
  assert.equal((await fetch(`${url}/01-server`)).status, 404);
});

test('a .env that cannot be understood stops the start: one line, exit 1', async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await writeFile(join(folder, '.env'), 'PORT=1\nPROT=2\n');
  const { ended, stdout, stderr } = await runProcess(t, folder, { env: NO_DATABASE });
  assert.equal(ended, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^\.env: "PROT" is no setting\n$/);
});
