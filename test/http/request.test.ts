/**
 * What Node's parser lets through and this server does not: messages whose sender and we may not
 * agree about where they end or whom they are for (RFC 9112).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertProblem, assertSecurity, GET, POST } from '../support/http-wire.ts';

const withHost = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
/** A URL of so many bytes. */
const urlOf = (bytes: number) => '/01-server?name='.padEnd(bytes, 'x');
const target = (text: string) => `GET ${text} HTTP/1.1\r\nHost: a\r\n\r\n`;

const refused: [what: string, bytes: string, status: number][] = [
  ['HTTP/0.9', 'GET /\r\n\r\n', 400],
  ['HTTP/0.9, said aloud', 'GET / HTTP/0.9\r\n\r\n', 400],
  ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['an absolute target without a Host', 'GET http://a/ HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['the same Host twice', 'GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n', 400],
  ['two Hosts on HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n', 400],
  ['an empty Host', withHost(''), 400],
  ['a Host with a blank', withHost('a b'), 400],
  ['a Host with a user', withHost('user@a'), 400],
  ['a Host with a path', withHost('a/b'), 400],
  ['a Host with a comma', withHost('a,b'), 400],
  ['a Host in bare UTF-8', withHost('\xc3\xa4'), 400],
  ['a Host with a port beyond 65535', withHost('a:99999'), 400],
  ['a Host whose port is no number', withHost('a:b'), 400],
  ['a Host with an open bracket', withHost('[::1'), 400],
  ['a Host that only looks like IPv6', withHost('[:::]'), 400],
  ['an absolute target with a port beyond 65535', target('http://a:99999/'), 400],
  ['an absolute target with a user', target('http://user:word@a/'), 400],
  ['an absolute target without a host', target('http:///x'), 400],
  ['an absolute target of another scheme', target('ftp://a/'), 400],
  ['an asterisk for GET', target('*'), 400],
  ['a fragment', target('/#top'), 400],
  ['a target of 8 KiB and a byte', target(urlOf(8193)), 414],
  ['a query of 9 KB', target(`/01-server?name=${'x'.repeat(9000)}`), 414],
  ['a head of 16 KiB', `${GET}X: ${'x'.repeat(16_384 - 14)}\r\n\r\n`, 431],
  ['101 header lines', `${GET}${'X: y\r\n'.repeat(100)}\r\n`, 431],
  ['3000 header lines', `${GET}${'a:\r\n'.repeat(3000)}\r\n`, 431],
  ['another expectation', `${POST}Expect: 200-ok\r\nContent-Length: 3\r\n\r\na=b`, 417],
  ['two expectations', `${POST}Expect: 100-continue, x\r\nContent-Length: 3\r\n\r\na=b`, 417],
  ['chunked on HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
];
for (const [what, bytes, status] of refused) {
  test(`${what} is answered ${status} and the connection closed`, async (t) => {
    const { port } = await startApp(t);
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assertProblem(answer);
    assert.equal(answer.headers.get('connection'), 'close');
  });
}

// Some of these the parser refuses and some we do; which, may differ between versions of Node.
const codings = [
  'gzip, chunked',
  'chunked, chunked',
  'chunked\r\nTransfer-Encoding: chunked',
  'chunked\r\nTransfer-Encoding: identity',
  'identity',
  'xchunked',
  '"chunked"',
  'chunked;a=b',
  ',chunked',
  'chunked,',
  '\tchunked\t;',
  '\x0bchunked',
  'chunked\x0c',
  '\xa0chunked',
  '',
];
for (const coding of codings) {
  test(`Transfer-Encoding: ${JSON.stringify(coding)} is refused and the connection closed`, async (t) => {
    const { port } = await startApp(t);
    const bytes = `${POST}Transfer-Encoding: ${coding}\r\n\r\n3\r\na=b\r\n0\r\n\r\n${GET}\r\n`;
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.ok([400, 501].includes(answer.status), String(answer.status));
    assertProblem(answer);
  });
}

const close = 'Connection: close\r\n\r\n';
const answered: [what: string, bytes: string, status: number][] = [
  ['Transfer-Encoding: Chunked', `${POST}Transfer-Encoding: Chunked\r\n${close}0\r\n\r\n`, 200],
  [
    'a chunk extension and a trailer',
    `${POST}Transfer-Encoding: chunked\r\n${close}3;x=y\r\na=b\r\n0\r\nX: y\r\n\r\n`,
    200,
  ],
  ['a Content-Length with zeros in front', `${POST}Content-Length: 003\r\n${close}a=b`, 200],
  ['empty lines before the request', `\r\n\r\n${GET}${close}`, 200],
  ['a Host in capitals with a port', `GET / HTTP/1.1\r\nHOST: EXAMPLE.com:80\r\n${close}`, 200],
  ['a Host with a port that is empty', `GET / HTTP/1.1\r\nHost: example.com:\r\n${close}`, 200],
  [
    'Content-Encoding: Identity',
    `${POST}Content-Encoding: Identity\r\nContent-Length: 3\r\n${close}a=b`,
    200,
  ],
  ['an IPv6 Host', `GET / HTTP/1.1\r\nHost: [::1]:3000\r\n${close}`, 200],
  ['an absolute target', `GET http://b/healthz HTTP/1.1\r\nHost: a\r\n${close}`, 200],
  ['an absolute target that is only a host', `GET HTTPS://b HTTP/1.1\r\nHost: a\r\n${close}`, 200],
  ['an absolute target with only a query', `GET http://b?x=1 HTTP/1.1\r\nHost: a\r\n${close}`, 200],
  ['a target of 8 KiB', `GET ${urlOf(8192)} HTTP/1.1\r\nHost: a\r\n${close}`, 200],
  // The parser counts the target, the names and the values: 29 bytes beside this one.
  ['a head of 16 KiB less a byte', `${GET}X: ${'x'.repeat(16_383 - 29)}\r\n${close}`, 200],
  ['100 header lines', `${GET}${'X: y\r\n'.repeat(98)}${close}`, 200],
  [
    'an upgrade that nobody here knows',
    `${GET}Upgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n`,
    200,
  ],
  ['HTTP/1.0 without a Host', 'GET /healthz HTTP/1.0\r\n\r\n', 200],
  [
    'HTTP/1.0 for an answer in pieces',
    'GET /lab/drip?chunks=2&ms=1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    200,
  ],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\nHost: a\r\n${close}`, 204],
  ['//', `GET // HTTP/1.1\r\nHost: a\r\n${close}`, 404],
  ['///', `GET /// HTTP/1.1\r\nHost: a\r\n${close}`, 404],
  ['an asterisk as a path', `OPTIONS /* HTTP/1.1\r\nHost: a\r\n${close}`, 404],
];
for (const [what, bytes, status] of answered) {
  test(`${what} is answered ${status}`, async (t) => {
    const { port } = await startApp(t);
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assertSecurity(answer.headers);
  });
}
