/**
 * Nothing outside the static folder can be had, and nothing inside it that is hidden or leads out.
 */
import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { codeOf } from '../support/http.ts';
import { askToEnd } from '../support/http-client.ts';
import { type StaticApp, startStatic } from '../support/http-static.ts';
import { answerIn } from '../support/http-wire.ts';

async function rawStatus(t: Parameters<typeof askToEnd>[0], port: number, path: string) {
  const bytes = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  const { status, body } = answerIn(await askToEnd(t, port, bytes));
  assert.doesNotMatch(body, /secret/, path);
  return status;
}

/** `inside.js` in the folder; secrets beside it, hidden in it, and behind links. */
async function startWithSecrets(t: Parameters<typeof askToEnd>[0]): Promise<StaticApp> {
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
  '/static/..\\package.json',
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
  for (const path of ['/static/inside.js%00', '/static/%', '/static/%c0%ae%c0%ae/package.json']) {
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
