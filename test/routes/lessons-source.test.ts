/**
 * «The code that ran»: every file that a part names can be shown, and nothing but source can.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { codeOf } from '../support/http.ts';

const ROOT = new URL('../../', import.meta.url);
const PARTS = join(STATIC_FOLDER, 'parts');

test('GET /lab/source shows every file that a part names', async (t) => {
  const { url } = await startApp(t);
  for (const part of readdirSync(PARTS)) {
    const html = readFileSync(join(PARTS, part), 'utf8');
    const [, files = ''] = /data-sources="([^"]*)"/.exec(html) ?? [];
    const named = files.split(' ');
    assert.ok(named.length > 1, part);
    for (const file of named) {
      const { status } = await fetch(`${url}/lab/source?file=${encodeURIComponent(file)}`);
      assert.equal(status, 200, `${file}, which ${part} names`);
    }
  }
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
  'lib/../.env',
  'lib/no-such-file.ts',
  'static/js/../../package.json',
  'static/img/icon.svg',
  'node_modules/cookie/package.json',
  'test/support/app.ts',
  '/etc/passwd',
  `lib/${'a'.repeat(300)}.ts`,
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
