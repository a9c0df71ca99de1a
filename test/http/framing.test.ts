/**
 * Framing is not content: a body may be framed in chunks, or by a length, and still be empty. Then
 * nothing is owed for it, no media type either (RFC 9112 §6, RFC 9110 §8.3).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { askToEnd, openClient } from '../support/http-client.ts';
import { answerIn, assertProblem, GET } from '../support/http-wire.ts';
import { statusOf } from '../support/raw.ts';

const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const NOTHING = '0\r\n\r\n';
const framings: [what: string, headers: string, body: string][] = [
  ['no body', '', ''],
  ['a body of no chunks', CHUNKED, NOTHING],
  ['no chunks and an extension', CHUNKED, `0;a=b\r\n\r\n`],
  ['no chunks and a trailer', CHUNKED, `0\r\nX: y\r\n\r\n`],
  ['no chunks of JSON', `${CHUNKED}Content-Type: application/json\r\n`, NOTHING],
  ['no chunks, compressed', `${CHUNKED}Content-Encoding: gzip\r\n`, NOTHING],
  ['a length of 0', 'Content-Length: 0\r\n', ''],
  ['a length of 0 of JSON', 'Content-Length: 0\r\nContent-Type: application/json\r\n', ''],
];
/** The same as without a body, by every kind of route. */
const routes: [line: string, status: number][] = [
  ['POST /logout', 204],
  ['DELETE /session/x', 404],
  ['DELETE /sessions', 401],
  ['GET /session', 200],
  ['HEAD /session', 200],
  ['GET /', 200],
  ['GET /healthz', 200],
  ['GET /nowhere', 404],
  ['OPTIONS /session', 204],
  ['PATCH /session', 405],
  ['POST /02-server', 200],
  ['PUT /session/x', 400],
  ['POST /register', 400],
];
for (const [what, headers, body] of framings) {
  test(`a request with ${what} is answered by its fields, and the connection is kept`, async (t) => {
    const { port } = await startApp(t);
    for (const [line, status] of routes) {
      const bytes = `${line} HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`;
      const client = await openClient(t, port);
      client.send(`${bytes}${GET}Connection: close\r\n\r\n`);
      const text = await client.ended();
      assert.equal(statusOf(text), status, line);
      assert.ok(text.endsWith('{"status":"ok"}'), text);
    }
  });
}

test('an empty body in chunks that comes late is waited for, and is no content either', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.send(`POST /logout HTTP/1.1\r\nHost: a\r\n${CHUNKED}Connection: close\r\n\r\n`);
  client.send('0\r\n');
  client.send('\r\n');
  assert.equal(answerIn(await client.ended()).status, 204);
});

const owed: [what: string, headers: string, body: string, code: string][] = [
  ['chunks', CHUNKED, `3\r\na=b\r\n${NOTHING}`, 'unsupported_media_type'],
  ['a length', 'Content-Length: 3\r\n', 'a=b', 'unsupported_media_type'],
  [
    'compressed chunks',
    `${CHUNKED}Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n`,
    `3\r\na=b\r\n${NOTHING}`,
    'unsupported_content_encoding',
  ],
  // Who asks whether to send has something to send (RFC 9110 §10.1.1).
  ['a question', `${CHUNKED}Expect: 100-continue\r\n`, '', 'unsupported_media_type'],
];
for (const [what, headers, body, code] of owed) {
  test(`for content that is announced by ${what}, a media type is owed`, async (t) => {
    const { port } = await startApp(t);
    for (const line of ['POST /logout', 'DELETE /session/x', 'GET /session', 'POST /02-server']) {
      const head = `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`;
      const answer = answerIn(await askToEnd(t, port, `${head}${body}`));
      assert.equal(answer.status, 415, line);
      assertProblem(answer, code);
    }
  });
}
