/** Static files: what is served, what is not, what is kept, what is compressed. */
import assert from 'node:assert/strict';
import { promises } from 'node:fs';
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startApp } from '../support/app.ts';
import { codeOf } from '../support/http.ts';
import { askToEnd } from '../support/http-client.ts';
import { type StaticApp, startStatic } from '../support/http-static.ts';
import { type Answer, answerIn, assertSecurity } from '../support/http-wire.ts';

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return response.text();
}

test('index.html is the page /, and has its own path as well', async (t) => {
  const { url, write } = await startStatic(t);
  await write('index.html', 'the page');
  assert.equal(await textOf(`${url}/`), 'the page');
  assert.equal(await textOf(`${url}/?anything=goes`), 'the page');
  assert.equal(await textOf(`${url}/static/index.html`), 'the page');
});

test('an edit shows on the next request, each time, and in the same length too', async (t) => {
  const { url, folder, write } = await startStatic(t);
  for (let round = 0; round < 20; round += 1) {
    const content = String(round).padStart(4, '0');
    await write('a.js', content);
    // A file system's clock may be coarse; no editor saves twice in so short a time.
    await utimes(join(folder, 'a.js'), round, round);
    assert.equal(await textOf(`${url}/static/a.js`), content);
  }
});

test('a file that has not changed is not read again', async (t) => {
  const { url, write } = await startStatic(t);
  await write('a.js', 'one');
  const read = t.mock.method(promises, 'readFile');
  for (let count = 0; count < 3; count += 1) await textOf(`${url}/static/a.js`);
  assert.equal(read.mock.callCount(), 1);
});

test('a file that is replaced by another shows on the next request', async (t) => {
  const { url, folder, write } = await startStatic(t);
  await write('a.js', 'old');
  assert.equal(await textOf(`${url}/static/a.js`), 'old');
  await write('b.tmp', 'new');
  await rename(join(folder, 'b.tmp'), join(folder, 'a.js'));
  assert.equal(await textOf(`${url}/static/a.js`), 'new');
});

test('a new file is there on the next request, in a new folder too', async (t) => {
  const { url, write } = await startStatic(t);
  assert.equal((await fetch(`${url}/static/js/new.js`)).status, 404);
  await write('js/new.js', 'new');
  assert.equal(await textOf(`${url}/static/js/new.js`), 'new');
  await write('js/deep/er/new.js', 'newer');
  assert.equal(await textOf(`${url}/static/js/deep/er/new.js`), 'newer');
});

test('a deleted file is gone on the next request, and may come back', async (t) => {
  const { url, folder, write } = await startStatic(t);
  await write('index.html', 'one');
  assert.equal(await textOf(`${url}/`), 'one');
  await rm(join(folder, 'index.html'));
  assert.equal((await fetch(`${url}/`)).status, 404);
  await write('index.html', 'two');
  assert.equal(await textOf(`${url}/`), 'two');
});

test('a file that becomes a folder is gone, and what is in the folder is there', async (t) => {
  const { url, folder, write } = await startStatic(t);
  await write('a.js', 'file');
  assert.equal(await textOf(`${url}/static/a.js`), 'file');
  await rm(join(folder, 'a.js'));
  await write('a.js/b.js', 'inside');
  assert.equal((await fetch(`${url}/static/a.js`)).status, 404);
  assert.equal(await textOf(`${url}/static/a.js/b.js`), 'inside');
});

test('without the folder every file is gone, and everything else still answers', async (t) => {
  const { url, folder, write } = await startStatic(t);
  await write('index.html', 'one');
  assert.equal(await textOf(`${url}/`), 'one');
  await rm(folder, { recursive: true });
  assert.equal((await fetch(`${url}/`)).status, 404);
  assert.equal((await fetch(`${url}/static/other.js`)).status, 404);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  await mkdir(folder);
  await write('index.html', 'two');
  assert.equal(await textOf(`${url}/`), 'two');
});

const types: [name: string, type: string][] = [
  ['a.html', 'text/html; charset=utf-8'],
  ['a.css', 'text/css; charset=utf-8'],
  ['a.js', 'text/javascript; charset=utf-8'],
  ['a.json', 'application/json; charset=utf-8'],
  ['a.svg', 'image/svg+xml'],
  ['a.png', 'image/png'],
  ['小.js', 'text/javascript; charset=utf-8'],
  ['a b.js', 'text/javascript; charset=utf-8'],
];
for (const [name, type] of types) {
  test(`${name} is served as ${type}, byte for byte`, async (t) => {
    const { url, write } = await startStatic(t);
    const bytes = Buffer.from(Array.from({ length: 2000 }, (_, index) => index % 256));
    await write(name, bytes);
    const response = await fetch(`${url}/static/${encodeURIComponent(name)}`);
    assert.equal(response.headers.get('content-type'), type);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
  });
}

test('an empty file is served', async (t) => {
  const { url, write } = await startStatic(t);
  await write('a.css', '');
  const response = await fetch(`${url}/static/a.css`);
  assert.equal(response.headers.get('content-length'), '0');
  assert.equal(await response.text(), '');
});

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

test('a client that has the file is answered 304, until it is edited', async (t) => {
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

test('a long text goes compressed to a client that takes gzip, with an ETag of its own', async (t) => {
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

async function rawStatus(t: TestContext, port: number, path: string) {
  const bytes = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  const { status, body } = answerIn(await askToEnd(t, port, bytes));
  assert.doesNotMatch(body, /secret/, path);
  return status;
}

/** `inside.js` in the folder; secrets beside it, hidden in it, and behind links. */
async function startWithSecrets(t: TestContext): Promise<StaticApp> {
  const app = await startStatic(t);
  const { folder, write } = app;
  await write('js/inside.js', 'inside');
  await write('../package.json', 'secret');
  await write('../static2/a.js', 'secret');
  await write('../static.js', 'secret');
  await write('.hidden.js', 'secret');
  await write('.git/config.js', 'secret');
  await write('js/.hidden/a.js', 'secret');
  await write('notes.txt', 'secret');
  await write('js/inside.js~', 'secret');
  await write('js/noextension', 'secret');
  await symlink('../package.json', join(folder, 'link.json'));
  await symlink('../static2', join(folder, 'linked'));
  await symlink('js/inside.js', join(folder, 'link.js'));
  await symlink('nowhere.js', join(folder, 'broken.js'));
  await symlink('round', join(folder, 'round'));
  return app;
}

const climbing = [
  '/../package.json',
  '/../../etc/passwd',
  '/static/../package.json',
  '/static/../../etc/passwd',
  '/static/%2e%2e/package.json',
  '/static/%2E%2E/package.json',
  '/static/.%2e/package.json',
  '/static/%2e%2e%2fpackage.json',
  '/static/..%2fpackage.json',
  '/static/..%5cpackage.json',
  '/static/js/../../package.json',
  '/static/js/..%2f..%2fpackage.json',
  '/static/%252e%252e/package.json',
  '/static2/a.js',
  '/static/../static2/a.js',
  '/static/%2e%2e/static2/a.js',
  '/static.js',
  '/static',
  '/static/',
  '/static/js',
  '/static/js/',
  '/static//js/inside.js',
  '//static/js/inside.js',
  '/static/./js/inside.js',
  '/static/js/../js/inside.js',
  '/static/js%2finside.js',
  '/static%2fjs%2finside.js',
  '/static/js/inside.js/',
  '/static/js/inside.js%20',
  '/static/js/inside.js.',
  '/static/js/inside.js;x',
  '/STATIC/js/inside.js',
  '/js/inside.js',
  '/package.json',
  '/static/.hidden.js',
  '/static/%2ehidden.js',
  '/static/.git/config.js',
  '/static/js/.hidden/a.js',
  '/static/notes.txt',
  '/static/js/inside.js~',
  '/static/js/noextension',
  '/static/link.json',
  '/static/link.js',
  '/static/linked/a.js',
  '/static/broken.js',
  '/static/round/a.js',
  `/static/${'long'.repeat(100)}.js`,
  '/static/constructor',
  '/static/__proto__',
];
test('of many spellings, only the file’s own path has an answer', async (t) => {
  const { port } = await startWithSecrets(t);
  for (const path of climbing) assert.equal(await rawStatus(t, port, path), 404, path);
  assert.equal(await rawStatus(t, port, '/static/js/inside.js'), 200);
  assert.equal(await rawStatus(t, port, '/st%61tic/js/inside%2ejs'), 200);
  assert.equal(await rawStatus(t, port, '/static/js/inside.js?v=../../x'), 200);
  for (const path of [
    '/static/inside.js%00',
    '/static/..\\package.json',
    '/static/%',
    '/static/%c0%ae%c0%ae/package.json',
  ]) {
    assert.equal(await rawStatus(t, port, path), 400, path);
  }
});

test('a served file that becomes a link is gone', async (t) => {
  const { url, folder } = await startWithSecrets(t);
  const inside = join(folder, 'js/inside.js');
  assert.equal(await (await fetch(`${url}/static/js/inside.js`)).text(), 'inside');
  await rm(inside);
  await symlink('../../package.json', inside);
  assert.equal((await fetch(`${url}/static/js/inside.js`)).status, 404);
});

test('a served file whose folder becomes a link is gone', async (t) => {
  const { url, folder } = await startWithSecrets(t);
  assert.equal((await fetch(`${url}/static/js/inside.js`)).status, 200);
  await writeFile(join(folder, '../static2/inside.js'), 'secret');
  await rename(join(folder, 'js'), join(folder, 'old'));
  await symlink('../static2', join(folder, 'js'));
  assert.equal((await fetch(`${url}/static/js/inside.js`)).status, 404);
});

test('a static folder that is itself behind a link is served', async (t) => {
  const { folder, write } = await startStatic(t);
  await write('index.html', 'the page');
  const link = join(folder, '..', 'link');
  await symlink(folder, link);
  const { url } = await startApp(t, { staticFolder: link });
  assert.equal(await (await fetch(`${url}/`)).text(), 'the page');
});

test('a folder with the name of a file is no file, and harms no other', async (t) => {
  const { url, folder, write } = await startStatic(t);
  await mkdir(join(folder, 'index.html'));
  await write('a.js', 'a');
  const response = await fetch(`${url}/`);
  assert.equal(response.status, 404);
  assert.equal(await codeOf(response), 'not_found');
  assert.equal(await (await fetch(`${url}/static/a.js`)).text(), 'a');
});
