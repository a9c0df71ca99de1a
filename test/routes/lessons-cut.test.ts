import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { exchange, statusOf } from '../support/raw.ts';

test('GET /lab/cut begins an answer and closes the connection before its end', async (t) => {
  const { url, port, lines } = await startApp(t);
  const answer = await exchange(
    port,
    'GET /lab/cut HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    5000,
  );
  assert.equal(statusOf(answer), 200);
  assert.match(answer, /first half of an answer/);
  // Not in chunks: an engine may take a missing last chunk for the end.
  assert.doesNotMatch(answer, /Transfer-Encoding/i);
  const [, length] = /\r\nContent-Length: (\d+)\r\n/.exec(answer) ?? [];
  const [, body = ''] = answer.split('\r\n\r\n');
  assert.ok(Buffer.byteLength(body) < Number(length), `${body.length} of ${length}`);
  const response = await fetch(`${url}/lab/cut`);
  await assert.rejects(response.text(), TypeError);
  assert.ok(
    lines.some((line) => line.includes('cut off on purpose')),
    lines.join('\n'),
  );
});

test('GET /lab/cut takes no fields', async (t) => {
  const { url } = await startApp(t);
  assert.equal((await fetch(`${url}/lab/cut?ms=1`)).status, 400);
});
