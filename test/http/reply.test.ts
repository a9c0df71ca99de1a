/**
 * A handler that goes wrong in whatever way: that request alone is answered 500, and only the log
 * knows why.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError, json } from '../../lib/http/reply.ts';
import type { Handler, Route, StatelessHandler } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { cookieOf, sendForm } from '../support/http.ts';
import { assertProblem } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

const get = (path: string, handler: StatelessHandler): Route => ({ method: 'GET', path, handler });
const ok = { status: 200, headers: [], body: 'ok' };

const failures: [what: string, handler: StatelessHandler][] = [
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
  const routes: Route[] = [{ method: 'GET', path: '/broken', session: true, handler: broken }];
  const { url } = await startApp(t, { routes });
  const cookie = cookieOf(await sendForm(`${url}/session/a`, { value: 'kept' }, { method: 'PUT' }));
  const init = { headers: { Cookie: cookie } };
  assert.equal((await fetch(`${url}/broken`, init)).status, 500);
  assert.equal((await (await fetch(`${url}/session/a`, init)).json()).value, 'kept');
});

test('a fault behind which nobody waits any more is logged all the same', async (t) => {
  const broken: StatelessHandler = async ({ signal }) => {
    await new Promise((resolve) => signal().addEventListener('abort', resolve));
    throw new Error('found out too late');
  };
  const { url, lines } = await startApp(t, { routes: [get('/broken', broken)] });
  await assert.rejects(fetch(`${url}/broken`, { signal: AbortSignal.timeout(100) }));
  await until('the line', () => lines.some((line) => /^request \S+: .*too late$/.test(line)));
});

test('a wait that was broken off for another reason is a failure like any other', async (t) => {
  const broken: StatelessHandler = () =>
    Promise.reject(new DOMException('not by the client', 'AbortError'));
  const { url, lines } = await startApp(t, { routes: [get('/broken', broken)] });
  assert.equal((await fetch(`${url}/broken`)).status, 500);
  assert.ok(
    lines.some((line) => /^request \S+: AbortError/.test(line)),
    lines.join('\n'),
  );
});
