/**
 * «The code that ran»: every file that a part names can be shown, and nothing else can.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SHOWN_FILES } from '../lib/routes/source.ts';
import { STATIC_FOLDER, startApp } from './support/app.ts';
import { codeOf } from './support/http.ts';

const ROOT = new URL('../', import.meta.url);
const PARTS = join(STATIC_FOLDER, 'parts');

for (const part of readdirSync(PARTS)) {
  test(`every file that the part ${part} names is on the list`, () => {
    const html = readFileSync(join(PARTS, part), 'utf8');
    const [, files = ''] = /data-sources="([^"]*)"/.exec(html) ?? [];
    const named = files.split(' ').filter((file) => file !== '');
    assert.ok(named.length > 1, part);
    assert.deepEqual(
      named.filter((file) => !SHOWN_FILES.has(file)),
      [],
    );
  });
}

test('every file on the list exists', () => {
  const missing = [...SHOWN_FILES].filter((file) => !existsSync(new URL(file, ROOT)));
  assert.deepEqual(missing, []);
});

test('GET /lab/source shows the file itself', async (t) => {
  const { url } = await startApp(t);
  const response = await fetch(`${url}/lab/source?file=lib/routes/suggest.ts`);
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  const onDisk = readFileSync(new URL('lib/routes/suggest.ts', ROOT), 'utf8');
  assert.equal(await response.text(), onDisk);
});

const refused = [
  'package.json',
  '.env',
  '../etc/passwd',
  'lib/routes/../app.ts',
  '/etc/passwd',
  '',
];
for (const file of refused) {
  test(`GET /lab/source does not show ${file || 'nothing'}`, async (t) => {
    const { url } = await startApp(t);
    const response = await fetch(`${url}/lab/source?file=${encodeURIComponent(file)}`);
    assert.equal(response.status, 404);
    assert.equal(await codeOf(response), 'not_found');
  });
}
