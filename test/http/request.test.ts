/**
 * The head of a request: what the parser refuses, what it lets through and we refuse, and who the
 * client is.
 */
import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { readClient } from '../../lib/http/request.ts';
import { startApp } from '../support/app.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertProblem, assertSecurity, GET, POST } from '../support/http-wire.ts';

const withHost = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
/** A URL of so many bytes. */
const urlOf = (bytes: number) => '/01-server?name='.padEnd(bytes, 'x');
const target = (text: string) => `GET ${text} HTTP/1.1\r\nHost: a\r\n\r\n`;

const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

/** By Node's parser. */
const byParser: [what: string, bytes: string, status: number][] = [
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a method that is none', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a method in small letters', 'get / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a method of 20 KB', `${'G'.repeat(20_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`, 400],
  ['a tab in the request line', 'GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a blank in the target', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['no target', 'GET  HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a target without its slash', 'GET index.html HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a target in bare UTF-8', 'GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['HTTP/1.2', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n', 400],
  ['HTTP/1.11', 'GET / HTTP/1.11\r\nHost: a\r\n\r\n', 400],
  ['another protocol', 'GET / HTTPS/1.1\r\nHost: a\r\n\r\n', 400],
  ['a target of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ['a head of 16 KiB', `${GET}X: ${'x'.repeat(16_384 - 14)}\r\n\r\n`, 431],
  ['a header of 20 KB', `${GET}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['many headers of 20 KB in all', `${GET}${'X: yyyyyyyy\r\n'.repeat(2000)}\r\n`, 431],

  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['an absolute target without a Host', 'GET http://a/ HTTP/1.1\r\n\r\n', 400],
  ['a bare CR in a header', `${GET}X: a\rb\r\n\r\n`, 400],
  ['a NUL in a header', `${GET}X: a\0b\r\n\r\n`, 400],
  ['obsolete folding', `${GET}X: a\r\n b\r\n\r\n`, 400],
  ['folding of a framing header', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, 400],
  ['bare LF throughout', 'GET / HTTP/1.1\nHost: a\n\n', 400],
  ['a bare LF behind a header', 'GET / HTTP/1.1\r\nHost: a\n\r\n', 400],
  ['a bare LF at the end of the headers', `${GET}X: y\n\n`, 400],
  ['a blank before the colon', `${GET}X : y\r\n\r\n`, 400],
  ['a blank before the first header', 'GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n', 400],
  ['a blank in a header name', `${GET}X Y: z\r\n\r\n`, 400],
  ['a header without a name', `${GET}: y\r\n\r\n`, 400],
  ['a header without a colon', `${GET}X\r\n\r\n`, 400],

  ['Content-Length: -1', `${POST}Content-Length: -1\r\n\r\n`, 400],
  ['Content-Length: +3', `${POST}Content-Length: +3\r\n\r\na=b`, 400],
  ['Content-Length: 3, 3', `${POST}Content-Length: 3, 3\r\n\r\na=b`, 400],
  ['Content-Length: 3 3', `${POST}Content-Length: 3 3\r\n\r\na=b`, 400],
  ['Content-Length: 0x3', `${POST}Content-Length: 0x3\r\n\r\na=b`, 400],
  ['Content-Length: 3.0', `${POST}Content-Length: 3.0\r\n\r\na=b`, 400],
  ['an empty Content-Length', `${POST}Content-Length: \r\n\r\n`, 400],
  ['a Content-Length beyond 64 bits', `${POST}Content-Length: ${'9'.repeat(23)}\r\n\r\n`, 400],
  ['two equal Content-Lengths', `${POST}${'Content-Length: 3\r\n'.repeat(2)}\r\na=b`, 400],
  ['two Content-Lengths', `${POST}Content-Length: 3\r\nContent-Length: 4\r\n\r\na=b`, 400],
  ['Content-Length with a blank', `${POST}Content-Length : 3\r\n\r\na=b`, 400],
  [
    'Content-Length before Transfer-Encoding',
    `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'Content-Length behind Transfer-Encoding',
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    400,
  ],
  // Before Node 24 by us.
  ['an empty Transfer-Encoding', `${POST}Transfer-Encoding:\r\n\r\n${GET}\r\n`, 400],
  ['Transfer-Encoding with a blank', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],

  ['the chunk size zz', `${CHUNKED}zz\r\n`, 400],
  ['the chunk size 0x3', `${CHUNKED}0x3\r\na=b\r\n0\r\n\r\n`, 400],
  ['the chunk size -3', `${CHUNKED}-3\r\na=b\r\n0\r\n\r\n`, 400],
  ['a chunk size of 17 digits', `${CHUNKED}${'f'.repeat(17)}\r\n`, 400],
  ['no chunk size', `${CHUNKED}\r\na=b\r\n0\r\n\r\n`, 400],
  ['a blank behind the chunk size', `${CHUNKED}3 \r\na=b\r\n0\r\n\r\n`, 400],
  ['a chunk longer than its size', `${CHUNKED}3\r\na=bc\r\n0\r\n\r\n`, 400],
  ['a bare LF behind the chunk size', `${CHUNKED}3\na=b\r\n0\r\n\r\n`, 400],
  ['a bare LF behind the chunk', `${CHUNKED}3\r\na=b\n0\r\n\r\n`, 400],
  ['a bare LF in a chunk extension', `${CHUNKED}3;x\ny\r\na=b\r\n0\r\n\r\n`, 400],
  ['a chunk extension of 20 KB', `${CHUNKED}3;${'x'.repeat(20_000)}\r\n`, 413],
  ['a trailer of 20 KB', `${CHUNKED}3\r\na=b\r\n0\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
];

for (const [what, bytes, status] of byParser) {
  test(`${what} is answered ${status} and the connection closed`, async (t) => {
    const { port } = await startApp(t);
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get('connection'), 'close');
  });
}

/** By us. */
const refused: [what: string, bytes: string, status: number][] = [
  ['HTTP/0.9', 'GET /\r\n\r\n', 400],
  ['HTTP/0.9, said aloud', 'GET / HTTP/0.9\r\n\r\n', 400],
  ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
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
  ['a fragment behind a query', target('/?a#top'), 400],
  ['a target of 8 KiB and a byte', target(urlOf(8193)), 414],
  ['a query of 9 KB', target(`/01-server?name=${'x'.repeat(9000)}`), 414],
  ['an unknown coding', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
  ['chunked on HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
];
for (const character of '\\"<>^`{|}[]') {
  refused.push([`the character ${character} in a path`, target(`/static/a${character}.js`), 400]);
}
for (const [what, bytes, status] of refused) {
  test(`${what} is answered ${status} and the connection closed`, async (t) => {
    const { port } = await startApp(t);
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assertProblem(answer);
    assert.equal(answer.headers.get('connection'), 'close');
  });
}

test('another expectation than 100-continue is answered 417', async (t) => {
  const { port } = await startApp(t);
  const bytes = `${POST}Expect: 200-ok\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b`;
  assert.equal(answerIn(await askToEnd(t, port, bytes)).status, 417);
});

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
];
for (const coding of codings) {
  test(`Transfer-Encoding: ${JSON.stringify(coding)} is refused`, async (t) => {
    const { port } = await startApp(t);
    const bytes = `${POST}Transfer-Encoding: ${coding}\r\n\r\n3\r\na=b\r\n0\r\n\r\n${GET}\r\n`;
    const { status } = answerIn(await askToEnd(t, port, bytes));
    assert.ok([400, 501].includes(status), String(status));
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
  ['3000 header lines', `${GET}${'a:\r\n'.repeat(3000)}${close}`, 200],
  [
    'characters in a query that RFC 3986 does not allow',
    `GET /?a=\\"<>^\`{|}[] HTTP/1.1\r\nHost: a\r\n${close}`,
    200,
  ],
  [
    'every character that a path may have',
    `GET /static/a-._~!$&'()*+,;=:@%20.js HTTP/1.1\r\nHost: a\r\n${close}`,
    404,
  ],
  [
    'an upgrade that is not known here',
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

/** No test here is about the warning. */
const clientOf = (request: IncomingMessage, proxies: number) =>
  readClient(request, proxies, () => {});

/** A request as it looks when it came from `address`. */
function requestFrom(address: string, headers: Record<string, string>): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return request;
}

const forwarded = (text: string) => ({ 'x-forwarded-for': text });

const addresses: [
  what: string,
  proxies: number,
  headers: Record<string, string>,
  address: string,
][] = [
  ['without proxies, the connection counts', 0, forwarded('1.1.1.1'), '10.0.0.1'],
  ['behind one proxy, the last entry', 1, forwarded('1.1.1.1'), '1.1.1.1'],
  [
    'behind one proxy, what the client wrote itself does not',
    1,
    forwarded('6.6.6.6, 1.1.1.1'),
    '1.1.1.1',
  ],
  ['behind two proxies, the last but one', 2, forwarded('6.6.6.6, 1.1.1.1, 10.0.0.2'), '1.1.1.1'],
  ['with fewer entries than proxies, the first', 3, forwarded('1.1.1.1, 10.0.0.2'), '1.1.1.1'],
  ['without an entry, the connection', 1, {}, '10.0.0.1'],
  ['an entry that is no address does not', 1, forwarded('1.1.1.1, unknown'), '10.0.0.1'],
  ['an empty entry does not', 1, forwarded('1.1.1.1,'), '10.0.0.1'],
  ['an IPv4 address inside IPv6 is the same address', 1, forwarded('::ffff:1.1.1.1'), '1.1.1.1'],
  ['of IPv6 the first half counts', 1, forwarded('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2'],
  ['in short writing, too', 1, forwarded('2001:db8::1'), '2001:db8:0:0'],
  ['with leading zeros, too', 1, forwarded('2001:0DB8:0000:0000::1'), '2001:db8:0:0'],
  ['in capitals, too', 1, forwarded('2001:DB8:A:B::'), '2001:db8:a:b'],
  ['of the loopback, too', 1, forwarded('::1'), '0:0:0:0'],
  ['a port is no part of it', 1, forwarded('1.1.1.1:5678'), '1.1.1.1'],
  ['nor is it of IPv6', 1, forwarded('[2001:db8::1]:5678'), '2001:db8:0:0'],
  ['brackets alone are none either', 1, forwarded('[2001:db8::1]'), '2001:db8:0:0'],
  ['what is in brackets must be an address', 1, forwarded('[unknown]'), '10.0.0.1'],
  ['a zone is no part of it', 1, forwarded('fe80::1%eth0'), 'fe80:0:0:0'],
];
for (const [what, proxies, headers, address] of addresses) {
  test(`${what}: ${headers['x-forwarded-for'] ?? 'nothing'} is ${address}`, () => {
    assert.equal(clientOf(requestFrom('10.0.0.1', headers), proxies).address, address);
  });
}

test('the connection itself may be IPv6, or IPv4 inside it', () => {
  assert.equal(clientOf(requestFrom('::ffff:127.0.0.1', {}), 0).address, '127.0.0.1');
  assert.equal(clientOf(requestFrom('2001:db8::9', {}), 0).address, '2001:db8:0:0');
});

const schemes: [proxies: number, header: string, secure: boolean][] = [
  [0, 'https', false],
  [1, 'https', true],
  [1, 'HTTPS', true],
  [1, 'http', false],
  [1, 'https, http', false],
  [2, 'https, http', true],
  [2, 'https', true],
  [1, '', false],
];
for (const [proxies, header, secure] of schemes) {
  test(`behind ${proxies} proxies «${header}» is ${secure ? '' : 'not '}https`, () => {
    const request = requestFrom('10.0.0.1', { 'x-forwarded-proto': header });
    assert.equal(clientOf(request, proxies).secure, secure);
  });
}

test('a limit is kept by the address that our proxy names, whatever the client adds', async (t) => {
  const { url } = await startApp(t, { config: { trustProxy: 1, checkUnamePerMinute: 1 } });
  const check = async (entries: string) => {
    const headers = { 'X-Forwarded-For': entries };
    return (await fetch(`${url}/check-uname?uname=x`, { headers })).status;
  };
  assert.equal(await check('1.1.1.1'), 400);
  assert.equal(await check('9.9.9.9, 1.1.1.1'), 429);
  assert.equal(await check('2.2.2.2'), 400);
  assert.equal(await check('2001:db8::1'), 400);
  assert.equal(await check('2001:db8::2'), 429);
  assert.equal(await check('2001:db8:0:1::2'), 400);
});

test('without a proxy, X-Forwarded-For wins nobody a limit of their own', async (t) => {
  const { url } = await startApp(t, { config: { checkUnamePerMinute: 1 } });
  const statuses = [];
  for (const address of ['1.1.1.1', '2.2.2.2']) {
    const headers = { 'X-Forwarded-For': address };
    statuses.push((await fetch(`${url}/check-uname?uname=x`, { headers })).status);
  }
  assert.deepEqual(statuses, [400, 429]);
});

for (const [name, value] of [
  ['X-Forwarded-For', '1.1.1.1'],
  ['X-Forwarded-Proto', 'https'],
] as const) {
  test(`${name} without TRUST_PROXY is warned of once, with it not at all`, async (t) => {
    const { url, lines } = await startApp(t);
    const warnings = () => lines.filter((line) => line.includes('TRUST_PROXY'));
    await fetch(`${url}/healthz`);
    assert.deepEqual(warnings(), []);
    for (let count = 0; count < 3; count += 1) {
      await fetch(`${url}/healthz`, { headers: { [name]: value } });
    }
    assert.equal(warnings().length, 1);
    assert.doesNotMatch(lines.join('\n'), /1\.1\.1\.1/);
    const behind = await startApp(t, { config: { trustProxy: 1 } });
    await fetch(`${behind.url}/healthz`, { headers: { [name]: value } });
    assert.deepEqual(behind.lines, ['GET /healthz 200']);
  });
}
