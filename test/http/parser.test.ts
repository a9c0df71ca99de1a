/**
 * What Node's parser refuses, byte by byte. These answers are written without a response object, so
 * each one is held against everything that other answers carry.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { askToEnd, openClient } from '../support/http-client.ts';
import { answerIn, assertProblem, GET, POST } from '../support/http-wire.ts';

const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

const refused: [what: string, bytes: string, status: number][] = [
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
  ['a header of 20 KB', `${GET}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['many headers of 20 KB in all', `${GET}${'X: yyyyyyyy\r\n'.repeat(1600)}\r\n`, 431],

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

for (const [what, bytes, status] of refused) {
  test(`${what} is answered ${status} and the connection closed`, async (t) => {
    const { port } = await startApp(t);
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assertProblem(answer);
    assert.equal(answer.headers.get('connection'), 'close');
    assert.equal(answer.headers.get('content-length'), String(answer.body.length));
  });
}

test('a request that the client breaks off half-way is answered 400', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.socket.end('GET /\r\n');
  assertProblem(answerIn(await client.ended()), 'bad_request');
});
