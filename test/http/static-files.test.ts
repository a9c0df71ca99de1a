/**
 * The static folder while somebody works in it: what the next request sees.
 */
import assert from 'node:assert/strict';
import { promises } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStatic } from '../support/http-static.ts';

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
  const { url, write } = await startStatic(t);
  for (let round = 0; round < 50; round += 1) {
    const content = String(round).padStart(4, '0');
    await write('a.js', content);
    assert.equal(await textOf(`${url}/static/a.js`), content);
  }
});

/** A file system that tells no two moments apart, and says of each that it was so long ago. */
function blurClock(t: TestContext, agoMs: number): void {
  const { lstat } = promises;
  t.mock.method(promises, 'lstat', async (path: string, options: { bigint: true }) => {
    const ctimeMs = BigInt(Date.now() - agoMs);
    return Object.assign(await lstat(path, options), { mtimeNs: 0n, ctimeNs: 0n, ctimeMs });
  });
}

test('an edit shows also where two edits have the same time', async (t) => {
  const { url, write } = await startStatic(t);
  blurClock(t, 1000);
  for (const content of ['one', 'two']) {
    await write('a.js', content);
    assert.equal(await textOf(`${url}/static/a.js`), content);
  }
});

test('a file that has not changed for a while is not read again', async (t) => {
  const { url, write } = await startStatic(t);
  blurClock(t, 3000);
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

test('an edit shows on the next request also while earlier requests are under way', async (t) => {
  const { url, write } = await startStatic(t);
  // Large enough for compressing it to take a while: that is when the next request comes.
  const content = (round: number) => `${round}`.padEnd(3_000_000, 'lorem ipsum ');
  for (let round = 0; round < 20; round += 2) {
    await write('a.js', content(round));
    const earlier = textOf(`${url}/static/a.js`);
    await sleep(round);
    await write('a.js', content(round + 1));
    const later = await textOf(`${url}/static/a.js`);
    assert.equal(later.slice(0, 20), content(round + 1).slice(0, 20));
    await earlier;
  }
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
