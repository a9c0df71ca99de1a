/**
 * The file `.env`: what it says counts, and what cannot be read as it was meant stops the start.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ConfigError } from '../../lib/config.ts';
import { readEnvFile } from '../../lib/env-file.ts';
import { copyProject, runProcess, startProcess, temporaryFolder } from '../support/process.ts';

async function fileWith(t: TestContext, content: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(t), '.env');
  await writeFile(path, content);
  return path;
}

const BOM = '\uFEFF';
const read: [what: string, content: string, variables: Record<string, string>][] = [
  ['nothing', '', {}],
  ['a variable a line', 'PORT=1\nHOST=::1\n', { PORT: '1', HOST: '::1' }],
  ['lines as Windows ends them', 'PORT=1\r\nHOST=::1\r\n', { PORT: '1', HOST: '::1' }],
  ['a byte order mark', `${BOM}PORT=1\nHOST=::1`, { PORT: '1', HOST: '::1' }],
  ['lines of blanks', 'PORT=1\n   \nHOST=::1', { PORT: '1', HOST: '::1' }],
  ['comments', '# PORT=1\nHOST=::1 # here\n  # there', { HOST: '::1' }],
  ['blanks around', ' PORT = 1 \n', { PORT: '1' }],
  ['export', 'export PORT=1', { PORT: '1' }],
  ['quotes', `HOST="a # b"\nLAB='on' # yes\nLOG=\`off\``, { HOST: 'a # b', LAB: 'on', LOG: 'off' }],
  ['an empty value', 'SECRET_KEY=\nHOST=""\nLOG= # none', { SECRET_KEY: '', HOST: '', LOG: '' }],
  [
    'a value with =',
    'DATABASE_URL=mysql://u:p=@h/d?ssl=true',
    { DATABASE_URL: 'mysql://u:p=@h/d?ssl=true' },
  ],
];
for (const [what, content, variables] of read) {
  test(`a .env with ${what} is read as it is meant`, async (t) => {
    assert.deepEqual(readEnvFile(await fileWith(t, content)), variables);
  });
}

const refused: [what: string, content: string | Buffer, complaint: RegExp][] = [
  ['in UTF-16', Buffer.from(`${BOM}PORT=1\n`, 'utf16le'), /line 1: the file is not UTF-8/],
  ['in UTF-16 without a mark', Buffer.from('PORT=1\n', 'utf16le'), /line 1: the file is not UTF-8/],
  ['in Latin-1', Buffer.from('HOST=caf\xe9', 'latin1'), /line 1: the file is not UTF-8/],
  ['with a line that sets nothing', 'PORT=1\nHOST\n', /line 2: expected NAME=value/],
  ['with a name that is misspelt', '\n\nSESION_LIMIT=1', /line 3: SESION_LIMIT is no setting/],
  ['with a name that only Node reads', 'NODE_EXTRA_CA_CERTS=a.pem', /line 1: NODE_EXTRA_CA_CERTS/],
  ['with a name set twice', 'PORT=1\nHOST=a\nPORT=2', /line 3: PORT is set further up/],
  ['with a quote that is not closed', 'HOST="a\nPORT=1', /line 1: write a value with a quote/],
  ['with something behind a quote', 'HOST="a"b', /line 1: write a value with a quote/],
  ['with a # in a value', 'DATABASE_URL=mysql://u:p#w@h/d', /line 1: write a value with a quote/],
];
for (const [what, content, complaint] of refused) {
  test(`a .env ${what} is refused, with the line`, async (t) => {
    const path = await fileWith(t, content);
    const isSo = (error: unknown) => error instanceof ConfigError && complaint.test(error.message);
    assert.throws(() => readEnvFile(path), isSo);
  });
}

test('no .env is no fault', async (t) => {
  assert.deepEqual(readEnvFile(join(await temporaryFolder(t), '.env')), {});
});

test('a .env that is there and cannot be read is not passed over', async (t) => {
  const folder = await temporaryFolder(t);
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

test('a .env that cannot be read stops the start: one line, exit 1', async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await writeFile(join(folder, '.env'), 'PORT=1\nPROT=2\n');
  const { ended, stdout, stderr } = await runProcess(t, folder, { env: NO_DATABASE });
  assert.equal(ended, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^.*\.env, line 2: PROT is no setting that is read from this file\n$/);
});
