/**
 * Queries, forms and paths, read strictly: decoded once, each field once, only fields that are
 * known.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFields } from '../../lib/http/form.ts';
import { startApp } from '../support/app.ts';
import { codeOf } from '../support/http.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertProblem } from '../support/http-wire.ts';
import { heapUsed } from '../support/session-heap.ts';

const FORM = 'application/x-www-form-urlencoded';

const badTexts: [what: string, text: string][] = [
  ['a percent sign alone', '%'],
  ['a percent sign with one digit', 'a%4'],
  ['an escape that is no number', '%zz'],
  ['a byte that is no UTF-8', '%ff'],
  ['an overlong slash', '%c0%af'],
  ['an overlong dot', '%c0%ae'],
  ['half a letter', '%c3'],
  ['a surrogate', '%ed%a0%80'],
  ['a letter beyond Unicode', '%f4%90%80%80'],
  ['a NUL', 'a%00b'],
];
for (const [what, text] of badTexts) {
  test(`${what} is refused in a query, a form, a field's name and a path`, async (t) => {
    const { port } = await startApp(t);
    const post = (body: string) =>
      `POST /02-server HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${FORM}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const requests = [
      get(`/01-server?name=${text}`),
      get(`/01-server?${text}=a`),
      get(`/session/${text}`),
      get(`/static/${text}`),
      get(`/${text}`),
      post(`a=${text}`),
      post(`${text}=a`),
    ];
    for (const bytes of requests) {
      const answer = answerIn(await askToEnd(t, port, bytes));
      assert.equal(answer.status, 400, bytes);
      assertProblem(answer, 'bad_request');
    }
  });
}

const forms: [what: string, body: BodyInit, status: number, answer: object | string][] = [
  ['gives the fields back', 'a=1&b=2', 200, { a: '1', b: '2' }],
  ['reads + as a blank and %2B as +', 'a+b=1+2&c=1%2B2', 200, { 'a b': '1 2', c: '1+2' }],
  ['decodes once', 'a=%2541', 200, { a: '%41' }],
  ['takes UTF-8, escaped or not', 'a=%E5%B0%8F&b=明', 200, { a: '小', b: '明' }],
  ['keeps a byte order mark', '\uFEFFa=1', 200, { '\uFEFFa': '1' }],
  ['passes over empty pairs', '&a=1&&b=2&', 200, { a: '1', b: '2' }],
  ['takes a field without a value', 'a&b=', 200, { a: '', b: '' }],
  ['splits at the first =', 'a=b=c', 200, { a: 'b=c' }],
  ['takes a field without a name', '=1', 200, { '': '1' }],
  ['takes __proto__ for a name', '__proto__=1', 200, JSON.parse('{"__proto__":"1"}')],
  ['takes constructor for a name', 'constructor=1', 200, { constructor: '1' }],
  ['takes no body at all', '', 200, {}],
  ['refuses a field twice', 'a=1&a=1', 400, 'duplicate_field'],
  ['refuses a field twice in another spelling', 'a=1&%61=2', 400, 'duplicate_field'],
  ['refuses __proto__ twice', '__proto__=1&__proto__=2', 400, 'duplicate_field'],
  ['refuses a bare NUL', 'a=\0', 400, 'bad_request'],
  ['refuses bare bytes that are no UTF-8', Uint8Array.of(0x61, 0x3d, 0xff), 400, 'bad_request'],
];
for (const [what, body, status, expected] of forms) {
  test(`POST /02-server ${what}`, async (t) => {
    const { url } = await startApp(t);
    const init = { method: 'POST', body, headers: { 'Content-Type': FORM } };
    const response = await fetch(`${url}/02-server`, init);
    assert.equal(response.status, status);
    if (typeof expected === 'string') assert.equal(await codeOf(response), expected);
    else assert.deepEqual(await response.json(), expected);
  });
}

const unknown: [method: string, path: string, body?: string][] = [
  ['GET', '/01-server?nom=a'],
  ['GET', '/01-server?name=a&x=1'],
  ['GET', '/session?x=1'],
  ['POST', '/logout?x=1'],
  ['POST', '/logout', 'x=1'],
  ['POST', '/register', 'uname=abc&upwd=12345678&nickname=A&id=1'],
  ['GET', '/01-server?__proto__=1'],
];
for (const [method, path, body] of unknown) {
  test(`${method} ${path} ${body ?? ''} is refused for a field that is not known`, async (t) => {
    const { url } = await startApp(t);
    const headers = body === undefined ? {} : { 'Content-Type': FORM };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body }) });
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), 'unknown_field');
  });
}

const types: [what: string, headers: Record<string, string>, status: number][] = [
  ['its charset', { 'Content-Type': `${FORM};charset=UTF-8` }, 200],
  ['its charset in quotes', { 'Content-Type': `${FORM.toUpperCase()} ; charset="utf-8"` }, 200],
  ['no coding', { 'Content-Type': FORM, 'Content-Encoding': 'identity' }, 200],
  ['another charset', { 'Content-Type': `${FORM}; charset=latin1` }, 415],
  ['two charsets', { 'Content-Type': `${FORM}; charset=utf-8; charset=latin1` }, 415],
  ['two types', { 'Content-Type': `${FORM}, text/plain` }, 415],
  ['multipart/form-data', { 'Content-Type': 'multipart/form-data; boundary=x' }, 415],
  ['JSON', { 'Content-Type': 'application/json' }, 415],
  ['text/plain', { 'Content-Type': 'text/plain' }, 415],
  ['a type that only begins like it', { 'Content-Type': `${FORM}x` }, 415],
  ['an empty type', { 'Content-Type': '' }, 415],
  ['gzip', { 'Content-Type': FORM, 'Content-Encoding': 'gzip' }, 415],
];
for (const [what, headers, status] of types) {
  test(`a form that says ${what} is answered ${status}`, async (t) => {
    const { url } = await startApp(t);
    const init = { method: 'POST', body: 'a=1', headers };
    assert.equal((await fetch(`${url}/02-server`, init)).status, status);
  });
}

const keys: [key: string, status: number, code: string][] = [
  ['a%2Fb', 400, 'invalid_key'],
  ['a%20b', 400, 'invalid_key'],
  ['%252e', 400, 'invalid_key'],
  ['a'.repeat(65), 400, 'invalid_key'],
  ['a/b', 404, 'not_found'],
  ['', 404, 'not_found'],
  ['..%2e', 404, 'no_such_key'],
  ['__proto__', 404, 'no_such_key'],
];
for (const [key, status, code] of keys) {
  test(`the session key ${key} is answered ${status} ${code}`, async (t) => {
    const { port } = await startApp(t);
    const bytes = `GET /session/${key} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assertProblem(answer, code);
  });
}

test('what is kept of a form does not hold on to the rest of it', () => {
  const kept: unknown[] = [];
  const before = heapUsed();
  for (let count = 0; count < 2000; count += 1) {
    const text = `value=one of ${count} that are kept`.padEnd(16_000, '&');
    kept.push(readFields(Buffer.from(text).toString(), ['value']).value);
  }
  const held = heapUsed() - before;
  assert.ok(held < 4_000_000, `${held} bytes for ${kept.length} texts`);
});
