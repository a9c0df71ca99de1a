/** The headers that every response carries. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertSecurity } from '../support/http-wire.ts';

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
