/**
 * What a browser need not fetch again, and what goes over the wire compressed.
 */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type StaticApp, startStatic } from '../support/http-static.ts';
import { type Answer, assertSecurity } from '../support/http-wire.ts';

const LONG = 'const answer = 42;\n'.repeat(200);

interface FileAnswer extends Answer {
  readonly bytes: Buffer;
}

/** Asks for a file without what `fetch` does by itself: no decompression, no header of its own. */
function ask(
  { port }: StaticApp,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<FileAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const found = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] as const,
        );
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: new Map(found), body: bytes.toString(), bytes });
      });
    });
    asked.on('error', reject).end();
  });
}

const GZIP = { 'Accept-Encoding': 'gzip' };

test('a file is sent with an ETag and may be kept, but not without asking', async (t) => {
  const app = await startStatic(t);
  await app.write('a.js', LONG);
  const { headers } = await ask(app, '/static/a.js');
  assert.match(headers.get('etag') ?? '', /^"[\w-]{22}"$/);
  assert.equal(headers.get('cache-control'), 'no-cache');
  assert.equal(headers.get('vary'), 'Accept-Encoding');
  assertSecurity(headers);
});

test('whoever has a file already is answered 304, until it is edited', async (t) => {
  const app = await startStatic(t);
  await app.write('a.js', LONG);
  const first = await ask(app, '/static/a.js');
  const etag = first.headers.get('etag') ?? '';
  const good = [etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag} `, '*'];
  for (const header of good) {
    const again = await ask(app, '/static/a.js', { 'If-None-Match': header });
    assert.equal(again.status, 304, header);
    assert.equal(again.bytes.length, 0);
    assert.equal(again.headers.get('content-length'), undefined);
    for (const name of ['etag', 'cache-control', 'vary']) {
      assert.equal(again.headers.get(name), first.headers.get(name), name);
    }
    assertSecurity(again.headers);
  }
  for (const header of ['"other"', etag.slice(1, -1), '""', '', 'W/"other"']) {
    const again = await ask(app, '/static/a.js', { 'If-None-Match': header });
    assert.equal(again.status, 200, header);
  }
  await app.write('a.js', `${LONG}//`);
  const edited = await ask(app, '/static/a.js', { 'If-None-Match': etag });
  assert.equal(edited.status, 200);
  assert.notEqual(edited.headers.get('etag'), etag);
  await app.write('a.js', LONG);
  assert.equal((await ask(app, '/static/a.js', { 'If-None-Match': etag })).status, 304);
});

test('a long text goes compressed to whoever takes gzip, with an ETag of its own', async (t) => {
  const app = await startStatic(t);
  await app.write('a.js', LONG);
  const plain = await ask(app, '/static/a.js');
  const packed = await ask(app, '/static/a.js', GZIP);
  assert.equal(plain.headers.get('content-encoding'), undefined);
  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  assert.equal(gunzipSync(packed.bytes).toString(), LONG);
  assert.equal(packed.headers.get('content-length'), String(packed.bytes.length));
  assert.equal(packed.headers.get('content-type'), plain.headers.get('content-type'));
  assert.equal(packed.headers.get('vary'), 'Accept-Encoding');
  const etag = packed.headers.get('etag') ?? '';
  assert.notEqual(etag, plain.headers.get('etag'));
  const ifNoneMatch = { 'If-None-Match': etag };
  assert.equal((await ask(app, '/static/a.js', { ...GZIP, ...ifNoneMatch })).status, 304);
  assert.equal((await ask(app, '/static/a.js', ifNoneMatch)).status, 200);
});

const encodings: [header: string, packed: boolean][] = [
  ['gzip', true],
  ['GZIP', true],
  ['br, gzip;q=0.5', true],
  ['deflate ,  gzip ; q=1.0', true],
  ['gzip;q=0.001', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['gzip;q=0, *', false],
  ['br', false],
  ['identity', false],
  ['x-gzipped', false],
  ['gzip;q=x', false],
  ['', false],
];
for (const [header, packed] of encodings) {
  test(`Accept-Encoding: ${header || '(empty)'} is answered ${packed ? 'with' : 'without'} gzip`, async (t) => {
    const app = await startStatic(t);
    await app.write('a.js', LONG);
    const answer = await ask(app, '/static/a.js', { 'Accept-Encoding': header });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-encoding'), packed ? 'gzip' : undefined);
    assert.equal((packed ? gunzipSync(answer.bytes) : answer.bytes).toString(), LONG);
  });
}

test('what is short, or compressed already, is sent as it is', async (t) => {
  const app = await startStatic(t);
  await app.write('short.js', 'short');
  await app.write('a.png', Buffer.alloc(5000));
  for (const path of ['/static/short.js', '/static/a.png']) {
    const answer = await ask(app, path, GZIP);
    assert.equal(answer.headers.get('content-encoding'), undefined, path);
    assert.equal(answer.headers.get('vary'), 'Accept-Encoding');
  }
});

test('HEAD says of a file what GET says, in each form', async (t) => {
  const app = await startStatic(t);
  await app.write('a.js', LONG);
  const etag = (await ask(app, '/static/a.js')).headers.get('etag') ?? '';
  for (const headers of [{}, GZIP, { 'If-None-Match': etag }]) {
    const get = await ask(app, '/static/a.js', headers);
    const head = await ask(app, '/static/a.js', headers, 'HEAD');
    assert.equal(head.status, get.status);
    assert.equal(head.bytes.length, 0);
    for (const name of ['etag', 'content-length', 'content-type', 'content-encoding', 'vary']) {
      assert.equal(head.headers.get(name), get.headers.get(name), name);
    }
  }
});
