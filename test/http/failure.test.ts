/**
 * A handler that goes wrong in whatever way: that request alone is answered 500, and only the log
 * knows why.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../../lib/http/error.ts';
import { json } from '../../lib/http/reply.ts';
import { createLog, type Log } from '../../lib/log.ts';
import type { Handler, Route } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { cookieOf, sendForm } from '../support/http.ts';
import { openClient } from '../support/http-client.ts';
import { answerIn, assertProblem, assertSecurity } from '../support/http-wire.ts';
import { until } from '../support/process.ts';
import { exchange } from '../support/raw.ts';

const get = (path: string, handler: Handler): Route => ({ method: 'GET', path, handler });
const ok = { status: 200, headers: [], body: 'ok' };

const failures: [what: string, handler: Handler][] = [
  ['throws an Error', () => fail(new Error('secret'))],
  ['throws a string', () => fail('secret')],
  ['throws undefined', () => fail(undefined)],
  ['throws null', () => fail(null)],
  [
    'throws an Error whose code looks like a status',
    () => fail(withFields({ status: 401, code: 418 })),
  ],
  ['rejects', async () => fail(new Error('secret'))],
  ['rejects late', async () => fail(await sleep(50, new Error('secret')))],
  ['rejects with undefined', () => Promise.reject(undefined)],
  ['returns nothing', () => JSON.parse('null')],
  ['returns JSON of nothing', () => json(200, undefined)],
  ['throws a status that is none', () => fail(new HttpError(99, 'none', 'secret'))],
  [
    'throws a header that is no Latin-1',
    () => fail(new HttpError(400, 'bad', 'secret', ['X-A', '小'])),
  ],
  ['returns a status that is none', () => ({ ...ok, status: 99 })],
  ['returns a header with a line break', () => ({ ...ok, headers: ['X-A', 'a\r\nX-B: secret'] })],
  ['returns a header that is no Latin-1', () => ({ ...ok, headers: ['X-A', '小'] })],
];

function fail(thrown: unknown): never {
  throw thrown;
}

function withFields(fields: object): Error {
  return Object.assign(new Error('secret'), fields);
}

for (const [what, handler] of failures) {
  test(`a handler that ${what} is answered 500, and the others are answered as ever`, async (t) => {
    const routes = [get('/broken', handler), get('/fine', async () => sleep(100, ok))];
    const { url, lines } = await startApp(t, { routes });
    const [broken, ...fine] = await Promise.all([
      fetch(`${url}/broken`),
      fetch(`${url}/fine`),
      fetch(`${url}/`),
    ]);
    const body = await broken.text();
    const { status } = broken;
    assert.equal(`${status} ${broken.statusText}`, '500 Internal Server Error');
    assertProblem({ status, headers: new Map(broken.headers), body }, 'internal_error');
    assert.doesNotMatch(body + JSON.stringify([...broken.headers]), /secret|\.ts/);
    for (const response of fine) {
      assert.equal(response.status, 200);
      await response.text();
    }
    const { requestId } = JSON.parse(body);
    assert.ok(
      lines.some((line) => line.startsWith(`request ${requestId}: `)),
      lines.join('\n'),
    );
    assert.ok(lines.includes('GET /broken 500'));
  });
}

test('a handler that fails stores nothing in the session', async (t) => {
  const broken: Handler = ({ session }) => {
    session.set('page:a', 'changed');
    throw new Error('half-way');
  };
  const { url } = await startApp(t, { routes: [get('/broken', broken)] });
  const cookie = cookieOf(await sendForm(`${url}/session/a`, { value: 'kept' }, { method: 'PUT' }));
  const init = { headers: { Cookie: cookie } };
  assert.equal((await fetch(`${url}/broken`, init)).status, 500);
  assert.equal((await (await fetch(`${url}/session/a`, init)).json()).value, 'kept');
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
  const slow: Handler = async ({ signal }) => {
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

test('a fault behind which nobody waits any more is logged all the same', async (t) => {
  const broken: Handler = async ({ signal }) => {
    await new Promise((resolve) => signal().addEventListener('abort', resolve));
    throw new Error('found out too late');
  };
  const { url, lines } = await startApp(t, { routes: [get('/broken', broken)] });
  await assert.rejects(fetch(`${url}/broken`, { signal: AbortSignal.timeout(100) }));
  await until('the line', () => lines.some((line) => /^request \S+: .*too late$/.test(line)));
});

test('a wait that was broken off for another reason is a failure like any other', async (t) => {
  const broken: Handler = () => Promise.reject(new DOMException('not by the client', 'AbortError'));
  const { url, lines } = await startApp(t, { routes: [get('/broken', broken)] });
  assert.equal((await fetch(`${url}/broken`)).status, 500);
  assert.ok(
    lines.some((line) => /^request \S+: AbortError/.test(line)),
    lines.join('\n'),
  );
});

test('what never became a request is logged as well', async (t) => {
  const { port, lines } = await startApp(t);
  const answer = answerIn(await exchange(port, 'nonsense\r\n\r\n'));
  assertProblem(answer, 'bad_request');
  assert.deepEqual(lines, ['- - 400']);
});

/** What a log writes while `use` is at work with it. */
function written(t: TestContext, use: (log: Log) => void, isRequestLogged = true): string {
  let text = '';
  for (const stream of [process.stdout, process.stderr]) {
    t.mock.method(stream, 'write', (line: string) => {
      text += line;
      return true;
    });
  }
  try {
    use(createLog(isRequestLogged));
  } finally {
    t.mock.restoreAll();
  }
  return text;
}

test('the log says what was asked and answered, without the query', (t) => {
  const entry = { method: 'GET', status: 200, ms: 1.26, requestId: 'a-1' };
  const line = (url: string) => written(t, (log) => log.request({ ...entry, url }));
  assert.equal(line('/check-uname?uname=secret'), 'GET /check-uname 200 1.3ms a-1\n');
  assert.equal(line('/a\x1b[31m\u0085b'), 'GET /a [31m b 200 1.3ms a-1\n');
  assert.equal(line(`/${'x'.repeat(9000)}`).length, 200 + 'GET  200 1.3ms a-1\n'.length);
});

test('the log says a hint once, and no request at all where that is not wanted', (t) => {
  const use = (log: Log) => {
    for (const line of ['one', 'two', 'one']) log.hint(line);
    log.request({ method: 'GET', url: '/', status: 200, ms: 1, requestId: 'a-1' });
  };
  assert.equal(written(t, use, false), 'one\ntwo\n');
});

test('a reader of the log who has stopped reading does not make it grow', async (t) => {
  const script = `
    import { createLog } from '${new URL('../../lib/log.ts', import.meta.url)}';
    import { setImmediate as nextTurn } from 'node:timers/promises';
    const entry = { method: 'GET', url: '/' + 'x'.repeat(150), status: 200, ms: 1, requestId: 'a' };
    const log = createLog(true);
    for (let count = 0; count < 20_000; count += 1) {
      log.request(entry);
      if (count % 100 === 0) await nextTurn();
    }
    process.stderr.write('held ' + process.stdout.writableLength);
    process.exit();`;
  const args = ['--import', './lib/typescript.mjs', '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { cwd: new URL('../..', import.meta.url) });
  atEnd(t, () => child.kill('SIGKILL'));
  const [, held] = /held (\d+)/.exec(await text(child.stderr)) ?? [];
  assert.ok(Number(held) < 1_200_000, `${held} bytes`);
});

test('the log writes an error whole, whatever was thrown, and moves no cursor', (t) => {
  const error = (thrown: unknown) => written(t, (log) => log.error('request a-1', thrown));
  assert.match(error(new Error('why')), /^request a-1: Error: why\n +at .*http\/failure\.test\.ts/);
  assert.match(error(new Error('why', { cause: new Error('because') })), /Error: because/);
  for (const thrown of ['text', undefined, null, Object.create(null), Symbol('s'), { a: 1 }]) {
    assert.match(error(thrown), /^request a-1: .+\n$/);
  }
  assert.ok(!error(new Error('\x1b[2J')).includes('\x1b'));
});
