/** How a reply meets the wire: whole, in chunks, to a client that reads slowly or leaves. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from '../../lib/http/reply.ts';
import type { Route, StatelessHandler } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { askToEnd, openClient } from '../support/http-client.ts';
import { assertSecurity } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

const get = (path: string, handler: StatelessHandler): Route => ({ method: 'GET', path, handler });
const ok = { status: 200, headers: [], body: 'ok' };

test('HEAD is answered without a body on the wire', async (t) => {
  const { port } = await startApp(t);
  for (const path of ['/', '/healthz', '/lab/drip?chunks=2&ms=1', '/nowhere', '/lab/status/304']) {
    const bytes = `HEAD ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const text = await askToEnd(t, port, bytes);
    assert.ok(text.endsWith('\r\n\r\n') && text.indexOf('\r\n\r\n') === text.length - 4, path);
  }
});

test('HEAD of an answer in pieces makes none of them', async (t) => {
  let begun = 0;
  const pieces = async function* () {
    begun += 1;
    yield 'a piece';
  };
  const handler = () => text(200, pieces());
  const { url } = await startApp(t, { routes: [{ method: 'GET', path: '/pieces', handler }] });
  assert.equal((await fetch(`${url}/pieces`, { method: 'HEAD' })).status, 200);
  assert.equal(begun, 0);
  assert.equal(await (await fetch(`${url}/pieces`)).text(), 'a piece');
});

test('an answer in pieces that breaks is broken off, and logged', async (t) => {
  async function* pieces() {
    yield 'one piece';
    await sleep(20);
    throw new Error('no more');
  }
  const routes = [get('/broken', () => ({ ...ok, body: pieces() }))];
  const { url, lines } = await startApp(t, { routes });
  // Not after 20 s, when the server lets go of whatever has stalled.
  const response = await fetch(`${url}/broken`, { signal: AbortSignal.timeout(10_000) });
  assert.equal(response.status, 200);
  assertSecurity(new Map(response.headers));
  await assert.rejects(response.text(), { name: 'TypeError' });
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.ok(
    lines.some((line) => /^request \S+: Error: no more$/.test(line)),
    lines.join('\n'),
  );
});

test('an answer in pieces waits for a client that reads slowly', async (t) => {
  let made = 0;
  async function* pieces() {
    for (; made < 2000; made += 1) yield 'x'.repeat(65_536);
  }
  const routes = [get('/large', () => ({ ...ok, body: pieces() }))];
  const { url, port } = await startApp(t, { routes });
  const client = await openClient(t, port);
  client.socket.pause();
  client.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('the first piece', () => made > 0);
  for (let count = 0; count < 20; count += 1) await (await fetch(`${url}/healthz`)).text();
  assert.ok(made < 1000, `${made} pieces are made`);
});

test('an answer in pieces ends with its client, also while it waits for it to read', async (t) => {
  let isOver = false;
  async function* pieces() {
    try {
      for (;;) yield 'x'.repeat(65_536);
    } finally {
      isOver = true;
    }
  }
  const routes = [get('/endless', () => ({ ...ok, body: pieces() }))];
  const { url, port, lines } = await startApp(t, { routes });
  const client = await openClient(t, port);
  client.socket.pause();
  client.send('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
  for (let count = 0; count < 20; count += 1) await (await fetch(`${url}/healthz`)).text();
  assert.equal(isOver, false);
  client.socket.resetAndDestroy();
  await until('the end', () => isOver);
  assert.deepEqual(new Set(lines), new Set(['GET /healthz 200']));
});

test('a handler that asks after its client too late is told that it has gone', async (t) => {
  let isTold: boolean | undefined;
  const slow: StatelessHandler = async ({ signal }) => {
    await once(signal(), 'abort');
    isTold = signal().aborted;
    return ok;
  };
  const { url } = await startApp(t, { routes: [get('/slow', slow)] });
  await assert.rejects(fetch(`${url}/slow`, { signal: AbortSignal.timeout(100) }));
  await until('the end', () => isTold !== undefined);
  assert.equal(isTold, true);
});

test('a client that leaves a slow answer, or one in pieces, is no failure', async (t) => {
  const { url, lines } = await startApp(t);
  for (const path of ['/lab/slow?ms=5000', '/lab/drip?chunks=50&ms=100']) {
    const controller = new AbortController();
    const request = fetch(`${url}${path}`, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(
      request.then((response) => response.text()),
      { name: 'AbortError' },
    );
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.deepEqual(
    lines.filter((line) => line.includes('rror')),
    [],
  );
});
