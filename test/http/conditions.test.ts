/**
 * Preconditions: a request is acted upon only if the resource is what its sender takes it to be
 * (RFC 9110 §13). Files have entity tags; nothing else has, and nothing tells when it was modified.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { cookieOf, sendForm } from '../support/http.ts';
import { startStatic } from '../support/http-static.ts';
import { assertProblem, assertSecurity } from '../support/http-wire.ts';

const LONG_AGO = 'Sat, 29 Oct 1994 19:43:31 GMT';
const IN_FUTURE = 'Sat, 29 Oct 2094 19:43:31 GMT';

/** `TAG` stands for the file’s own. */
const ofFiles: [headers: Record<string, string>, status: number][] = [
  [{ 'If-Match': 'TAG' }, 200],
  [{ 'If-Match': '"other", TAG' }, 200],
  [{ 'If-Match': '*' }, 200],
  [{ 'If-Match': '"other"' }, 412],
  [{ 'If-Match': 'W/TAG' }, 412],
  [{ 'If-Match': '' }, 412],
  [{ 'If-None-Match': 'TAG' }, 304],
  [{ 'If-None-Match': 'W/TAG' }, 304],
  [{ 'If-None-Match': '*' }, 304],
  [{ 'If-None-Match': '"other"' }, 200],
  // In this order, whatever stands first.
  [{ 'If-Match': 'TAG', 'If-None-Match': 'TAG' }, 304],
  [{ 'If-None-Match': 'TAG', 'If-Match': '"other"' }, 412],
  [{ 'If-Match': 'TAG', 'If-None-Match': '"other"' }, 200],
  // There is no date to compare with.
  [{ 'If-Modified-Since': IN_FUTURE }, 200],
  [{ 'If-Unmodified-Since': LONG_AGO }, 200],
  [{ 'If-None-Match': '"other"', 'If-Modified-Since': IN_FUTURE }, 200],
  [{ 'If-Match': 'TAG', 'If-Unmodified-Since': LONG_AGO }, 200],
  [{ 'If-Range': '"other"', Range: 'bytes=0-1' }, 200],
];
for (const [headers, status] of ofFiles) {
  test(`of a file, ${JSON.stringify(headers)} is answered ${status}, to HEAD as well`, async (t) => {
    const { url, write } = await startStatic(t);
    await write('a.js', 'a file');
    const tag = (await fetch(`${url}/static/a.js`)).headers.get('etag') ?? '';
    const asked = Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      value.replace('TAG', tag),
    ]);
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(`${url}/static/a.js`, {
        method,
        headers: asked,
        cache: 'no-store',
      });
      const body = await response.text();
      assert.equal(response.status, status, method);
      assertSecurity(new Map(response.headers));
      if (status === 304) assert.equal(response.headers.get('etag'), tag);
      if (status === 304) assert.equal(response.headers.get('content-type'), null);
      if (status !== 412 || method === 'HEAD') continue;
      assertProblem({ status, headers: new Map(response.headers), body }, 'precondition_failed');
    }
  });
}

const ofOthers: [line: string, headers: Record<string, string>, status: number][] = [
  ['GET /session/here', { 'If-Match': '"x"' }, 412],
  ['GET /session/here', { 'If-Match': '*' }, 200],
  ['GET /session/here', { 'If-None-Match': '"x"' }, 200],
  ['GET /session/here', { 'If-None-Match': '*' }, 304],
  ['GET /session', { 'If-Match': '"x"' }, 412],
  ['GET /healthz', { 'If-Match': '"x"' }, 412],
  ['PUT /session/here', { 'If-Match': '"x"' }, 412],
  ['PUT /session/here', { 'If-Match': '*' }, 200],
  ['PUT /session/here', { 'If-None-Match': '*' }, 412],
  ['PUT /session/here', { 'If-None-Match': '"x"' }, 200],
  ['PUT /session/here', { 'If-Unmodified-Since': LONG_AGO }, 200],
  ['PUT /session/new', { 'If-Match': '*' }, 412],
  ['PUT /session/new', { 'If-Match': '"x"' }, 412],
  ['PUT /session/new', { 'If-None-Match': '*' }, 200],
  ['DELETE /session/here', { 'If-Match': '"x"' }, 412],
  ['DELETE /session/here', { 'If-Match': '*' }, 204],
  ['DELETE /session/here', { 'If-None-Match': '*' }, 412],
  ['POST /logout', { 'If-Match': '"x"' }, 412],
  ['POST /logout', { 'If-Match': '*' }, 412],
  ['POST /logout', { 'If-None-Match': '*' }, 204],
  ['POST /02-server', { 'If-Match': '"x"' }, 412],
  // What is refused anyway is refused for that (§13.2.1).
  ['GET /session/none', { 'If-Match': '"x"' }, 404],
  ['GET /session/none', { 'If-None-Match': '*' }, 404],
  ['DELETE /session/none', { 'If-Match': '*' }, 404],
  ['DELETE /session/none', { 'If-Match': '"x"' }, 404],
  ['GET /lab/status/418', { 'If-None-Match': '*' }, 418],
  ['GET /lab/status/304', { 'If-Match': '"x"' }, 304],
  ['GET /sessions', { 'If-None-Match': '*' }, 401],
  ['DELETE /sessions', { 'If-Match': '"x"' }, 401],
  ['DELETE /sessions/none', { 'If-None-Match': '*' }, 401],
  ['GET /nowhere', { 'If-Match': '"x"' }, 404],
  ['DELETE /static/js/common.js', { 'If-Match': '"x"' }, 405],
  ['PUT /session/a%20b', { 'If-Match': '*' }, 400],
  // No method that chooses a representation.
  ['OPTIONS /session/here', { 'If-Match': '"x"' }, 204],
];
for (const [line, headers, status] of ofOthers) {
  const [method = '', path = ''] = line.split(' ');
  test(`${line} with ${JSON.stringify(headers)} is answered ${status}`, async (t) => {
    const { url } = await startApp(t);
    const put = { method: 'PUT' };
    const Cookie = cookieOf(await sendForm(`${url}/session/here`, { value: 'old' }, put));
    const init = { method, headers: { Cookie, ...headers } };
    const { status: answered } =
      method === 'PUT'
        ? await sendForm(`${url}${path}`, { value: 'new' }, init)
        : await fetch(`${url}${path}`, init);
    assert.equal(answered, status);
    if (status !== 412) return;
    const { data } = await (await fetch(`${url}/session`, { headers: { Cookie } })).json();
    assert.deepEqual(data, { here: 'old' }, 'nothing was done');
  });
}

test('a stranger whose precondition fails gets no session', async (t) => {
  const { url } = await startApp(t);
  const init = { method: 'PUT', headers: { 'If-Match': '*' } };
  const response = await sendForm(`${url}/session/new`, { value: 'x' }, init);
  assert.equal(response.status, 412);
  assert.deepEqual(response.headers.getSetCookie(), []);
});
