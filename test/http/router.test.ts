/** Which route answers, and what a path says of the methods that it has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouter } from '../../lib/http/router.ts';
import { startApp } from '../support/app.ts';
import { codeOf, sendForm } from '../support/http.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertProblem, assertSecurity } from '../support/http-wire.ts';

const ROUTES = [
  { method: 'GET', path: '/session' },
  { method: 'GET', path: '/session/new' },
  { method: 'GET', path: '/session/:key' },
  { method: 'PUT', path: '/session/:key' },
  { method: 'GET', path: '/a/:x/c/:y' },
];

const found: [what: string, line: string, pattern: string, params: object][] = [
  ['finds a literal path', 'GET /session', '/session', {}],
  ['names a parameter', 'GET /session/cart', '/session/:key', { key: 'cart' }],
  ['names two', 'GET /a/1/c/2', '/a/:x/c/:y', { x: '1', y: '2' }],
  ['takes the first that matches', 'GET /session/new', '/session/new', {}],
  [
    'goes on where the first has not the method',
    'PUT /session/new',
    '/session/:key',
    { key: 'new' },
  ],
  ['takes __proto__ for a name', 'GET /session/__proto__', '/session/:key', { key: '__proto__' }],
  ['answers HEAD where GET is', 'HEAD /session', '/session', {}],
];
for (const [what, line, pattern, params] of found) {
  test(`the router ${what}: ${line}`, () => {
    const [method = '', path = ''] = line.split(' ');
    const match = createRouter(ROUTES)(method, path.split('/').slice(1));
    assert.equal(match.route?.path, pattern);
    assert.deepEqual(match.params, params);
  });
}

test('the router says which methods a path has', () => {
  const { route, methods } = createRouter(ROUTES)('POST', ['session', 'cart']);
  assert.equal(route, undefined);
  assert.deepEqual(methods, ['GET', 'PUT']);
});

for (const path of ['/session/', '/session/a/b', '/constructor', '/', '//session']) {
  test(`the router finds nothing for ${path}`, () => {
    const find = createRouter(ROUTES);
    assert.throws(() => find('GET', path.split('/').slice(1)), { status: 404, code: 'not_found' });
  });
}

const READ = 'GET, HEAD, OPTIONS';

const paths: [path: string, allow: string][] = [
  ['/', READ],
  ['/static/js/common.js', READ],
  ['/check-uname', READ],
  ['/register', 'OPTIONS, POST'],
  ['/login', 'OPTIONS, POST'],
  ['/logout', 'OPTIONS, POST'],
  ['/session', READ],
  ['/session/a', 'DELETE, GET, HEAD, OPTIONS, PUT'],
  ['/sessions', 'DELETE, GET, HEAD, OPTIONS'],
  ['/sessions/a', 'DELETE, OPTIONS'],
  ['/suggest', READ],
  ['/01-server', READ],
  ['/02-server', 'OPTIONS, POST'],
  ['/lab/status/404', READ],
  ['/lab/slow', READ],
  ['/lab/drip', READ],
  ['/healthz', READ],
  ['/readyz', READ],
];
for (const [path, allow] of paths) {
  test(`${path} says to OPTIONS, and to what it does not have, that it has ${allow}`, async (t) => {
    const { url } = await startApp(t);
    const options = await fetch(`${url}${path}`, { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('allow'), allow);
    assert.equal(options.headers.get('content-length'), null);
    assertSecurity(new Map(options.headers));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      if (allow.includes(method)) continue;
      const response = await fetch(`${url}${path}`, { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get('allow'), allow);
      assertSecurity(new Map(response.headers));
      assert.equal(await codeOf(response), 'method_not_allowed');
    }
  });
}

test('TRACE is answered 405 with Allow, and its headers are not given back', async (t) => {
  const { port } = await startApp(t);
  const bytes = 'TRACE / HTTP/1.1\r\nHost: a\r\nX: secret\r\nConnection: close\r\n\r\n';
  const answer = answerIn(await askToEnd(t, port, bytes));
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get('allow'), READ);
  assert.doesNotMatch(answer.body, /secret/);
});

const nowhere = [
  '/nowhere',
  '/index.html',
  '/server.ts',
  '/.git/config',
  '/.env',
  '/package.json',
  '/constructor',
  '/__proto__',
  '/session/a/b',
  '/CHECK-UNAME',
  '/check-uname/',
];
for (const path of nowhere) {
  test(`${path} is answered 404 by every method`, async (t) => {
    const { url } = await startApp(t);
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${url}${path}`, { method });
      const headers = new Map(response.headers);
      assertProblem({ status: response.status, headers, body: await response.text() }, 'not_found');
      assert.equal(response.status, 404, method);
    }
  });
}

test('without the lessons, their paths are not there', async (t) => {
  const { url } = await startApp(t, { config: { lab: false } });
  for (const path of ['/01-server', '/02-server', '/lab/slow', '/lab/drip', '/lab/status/200']) {
    assert.equal((await fetch(`${url}${path}`)).status, 404, path);
  }
  assert.equal((await sendForm(`${url}/02-server`, { a: '1' })).status, 404);
});

test('CONNECT is answered 405 with the methods that there are', async (t) => {
  const { port } = await startApp(t);
  const answer = answerIn(await askToEnd(t, port, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'));
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get('connection'), 'close');
  assert.equal(answer.headers.get('allow'), 'DELETE, GET, HEAD, OPTIONS, POST, PUT');
});
