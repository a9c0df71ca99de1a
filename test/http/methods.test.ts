/**
 * Every path by every method, and the headers that every answer carries.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { text } from '../../lib/http/reply.ts';
import { startApp } from '../support/app.ts';
import { codeOf, sendForm } from '../support/http.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertProblem, assertSecurity } from '../support/http-wire.ts';

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

test('CONNECT is answered 405 with the methods that there are', async (t) => {
  const { port } = await startApp(t);
  const answer = answerIn(await askToEnd(t, port, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'));
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get('allow'), 'DELETE, GET, HEAD, OPTIONS, POST, PUT');
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

/** What a page's reader may see of each kind of answer. */
const answers: [path: string, status: number][] = [
  ['/', 200],
  ['/static/js/common.js', 200],
  ['/healthz', 200],
  ['/readyz', 503],
  ['/session', 200],
  ['/session/none', 404],
  ['/sessions', 401],
  ['/check-uname?uname=x', 400],
  ['/check-uname?uname=somebody', 503],
  ['/01-server?name=Ada', 200],
  ['/lab/status/418', 418],
  ['/lab/status/500', 500],
  ['/lab/status/204', 204],
  ['/lab/status/205', 205],
  ['/lab/status/304', 304],
  ['/lab/status/101', 400],
  ['/lab/status/199', 400],
  ['/lab/slow?ms=1', 200],
  ['/lab/drip?chunks=3&ms=1', 200],
  ['/nowhere', 404],
  ['/static/nowhere.js', 404],
];
for (const [path, status] of answers) {
  test(`GET ${path} carries the security headers, and HEAD is the same without a body`, async (t) => {
    const { url } = await startApp(t);
    const get = await fetch(`${url}${path}`);
    const body = await get.text();
    assert.equal(get.status, status);
    assertSecurity(new Map(get.headers));
    assert.equal(get.headers.get('strict-transport-security'), null);
    const isFile = get.headers.has('etag');
    assert.equal(get.headers.get('cache-control'), isFile ? 'no-cache' : 'no-store');
    const head = await fetch(`${url}${path}`, { method: 'HEAD' });
    assert.equal(head.status, status);
    assert.equal(await head.text(), '');
    // A failure's length may differ by its request id's.
    const others = ['connection', 'keep-alive', 'transfer-encoding', 'date'];
    if (status >= 400) others.push('content-length');
    const known = (headers: Headers) => [...headers].filter(([name]) => !others.includes(name));
    assert.deepEqual(known(head.headers), known(get.headers));
    if (get.headers.has('content-length') && !get.headers.has('content-encoding')) {
      assert.equal(Number(get.headers.get('content-length')), Buffer.byteLength(body));
    }
  });
}

test('the page’s sandbox may make functions out of text, and nothing else that is served', async (t) => {
  const { url } = await startApp(t);
  const policyOf = async (path: string) => {
    const { status, headers } = await fetch(`${url}${path}`);
    assert.equal(status, 200, path);
    return headers.get('content-security-policy') ?? '';
  };
  const sandbox = await policyOf('/static/js/parts/practice/worker.js');
  assert.equal(sandbox, "default-src 'none'; script-src 'unsafe-eval'");
  for (const path of ['/?/worker.js', '/static/js/common.js?/worker.js']) {
    assert.doesNotMatch(await policyOf(path), /unsafe/, path);
  }
});

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

/** Of an answer to a request that our proxy says came by this scheme, for this host. */
async function hstsOf(t: TestContext, port: number, path: string, scheme: string, host: string) {
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Proto: ${scheme}\r\n`;
  const { headers } = answerIn(await askToEnd(t, port, `${head}Connection: close\r\n\r\n`));
  return headers.get('strict-transport-security');
}

test('HSTS is sent over https only, and https only by the word of our own proxy', async (t) => {
  const direct = await startApp(t);
  assert.equal(await hstsOf(t, direct.port, '/', 'https', 'shop.example'), undefined);
  const { port } = await startApp(t, { config: { trustProxy: 1 } });
  const hsts = (path: string, scheme: string) => hstsOf(t, port, path, scheme, 'shop.example');
  for (const path of ['/', '/session', '/nowhere', '/readyz']) {
    assert.equal(await hsts(path, 'https'), 'max-age=31536000', path);
    assert.equal(await hsts(path, 'http'), undefined, path);
    assert.equal(await hsts(path, 'https, http'), undefined, path);
  }
});

test('HSTS is not sent for localhost, whose other servers it would shut off', async (t) => {
  const { port } = await startApp(t, { config: { trustProxy: 1 } });
  const hosts = ['localhost', 'localhost:8443', 'LOCALHOST', 'localhost.', 'a.localhost:1'];
  for (const host of hosts)
    assert.equal(await hstsOf(t, port, '/', 'https', host), undefined, host);
  for (const host of ['localhost.example', 'notlocalhost', 'shop.example:8443']) {
    assert.equal(await hstsOf(t, port, '/', 'https', host), 'max-age=31536000', host);
  }
});

for (const cookie of ['sid=constructor', 'sid=a; sid=b', 'sid=__proto__; sid', 'sid=%00', '=;;=']) {
  test(`the cookie ${cookie} is a stranger's: 200, and no session`, async (t) => {
    const { url } = await startApp(t);
    const response = await fetch(`${url}/session`, { headers: { Cookie: cookie } });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { exists: false, user: null, data: {} });
  });
}

test('without the lessons, their paths are not there', async (t) => {
  const { url } = await startApp(t, { config: { lab: false } });
  for (const path of ['/01-server', '/02-server', '/lab/slow', '/lab/drip', '/lab/status/200']) {
    assert.equal((await fetch(`${url}${path}`)).status, 404, path);
  }
  assert.equal((await sendForm(`${url}/02-server`, { a: '1' })).status, 404);
});
