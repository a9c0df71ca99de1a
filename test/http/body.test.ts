/**
 * Bodies: how large, when they are asked for, and that half a body is none.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { openClient } from '../support/http-client.ts';
import { answerIn, answersIn, assertProblem, POST } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

const MEGABYTES = 2;
const BLOCK = 'x'.repeat(65_536);
const BLOCKS = (MEGABYTES * 1_048_576) / BLOCK.length;
const asChunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

const lengthGiven = `Content-Length: ${BLOCKS * BLOCK.length}\r\n\r\n`;
const to = (line: string) => `${line} HTTP/1.1\r\nHost: a\r\n${lengthGiven}`;

const early: [what: string, head: string, block: string, status: number][] = [
  ['413 to a length that is too large', `${POST}${lengthGiven}`, BLOCK, 413],
  ['413 to too many chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n`, asChunk(BLOCK), 413],
  ['404', to('POST /nowhere'), BLOCK, 404],
  ['405', to('POST /'), BLOCK, 405],
  ['415', to('POST /02-server'), BLOCK, 415],
  ['431', `${POST}X: `, BLOCK, 431],
  ['the file', to('GET /'), BLOCK, 200],
  ['204', to('OPTIONS /'), BLOCK, 204],
  ['an answer to garbage', 'GARBAGE ', BLOCK, 400],
  ['an answer to CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', BLOCK, 405],
];
for (const [what, head, block, status] of early) {
  test(`a client that sends ${MEGABYTES} MB before it reads gets ${what}, 30 times of 30`, async (t) => {
    const { port } = await startApp(t);
    for (let round = 0; round < 30; round += 1) {
      const client = await openClient(t, port);
      client.socket.pause();
      client.send(head);
      for (let count = 0; count < BLOCKS; count += 1) {
        await new Promise((resolve) => client.socket.write(block, resolve));
      }
      client.socket.resume();
      const answer = answerIn(await client.ended());
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('connection'), 'close');
    }
  });
}

for (const [what, head, block, status] of early) {
  test(`a client that goes on sending when it has been answered gets ${what}`, async (t) => {
    const { port, lines } = await startApp(t);
    const client = await openClient(t, port);
    client.socket.pause();
    client.send(head + block);
    await until('the answer', () => lines.length === 1);
    for (let count = 0; count < 20; count += 1) {
      await new Promise((resolve) => client.socket.write(block, resolve));
      await sleep(2);
    }
    client.socket.resume();
    assert.equal(answerIn(await client.ended()).status, status);
  });
}

test('a client that goes on sending for longer than it may pause gets its answer', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.socket.pause();
  client.send(to('POST /nowhere'));
  // Between two pieces it may pause for 2 s.
  for (let count = 0; count < 13; count += 1) {
    await new Promise((resolve) => client.socket.write('x'.repeat(1000), resolve));
    await sleep(200);
  }
  client.socket.resume();
  assert.equal(answerIn(await client.ended()).status, 404);
});

test('HEAD with a large body is answered without one, and not by a reset', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.send(to('HEAD /'));
  for (let count = 0; count < BLOCKS; count += 1) client.send(BLOCK);
  assert.match(await client.ended(), /^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
});

test('a body of exactly 16 KiB is taken, in one piece and in chunks; one byte more is not', async (t) => {
  const { port } = await startApp(t);
  const field = (bytes: number) => 'a='.padEnd(bytes, 'x');
  const cases: [string, number][] = [
    [`Content-Length: 16384\r\n\r\n${field(16_384)}`, 200],
    [`Content-Length: 16385\r\n\r\n${field(16_385)}`, 413],
    [`Transfer-Encoding: chunked\r\n\r\n${asChunk(field(16_384))}${asChunk('')}`, 200],
    [`Transfer-Encoding: chunked\r\n\r\n${asChunk(field(16_385))}${asChunk('')}`, 413],
  ];
  for (const [bytes, status] of cases) {
    const client = await openClient(t, port);
    client.send(`${POST}${bytes}`);
    const answer = answerIn(await client.until((text) => /"\}$/.test(text)));
    assert.equal(answer.status, status);
    if (status === 413) {
      assertProblem(answer, 'body_too_large');
      assert.equal(answer.headers.get('connection'), 'close');
    }
  }
});

describe('Expect: 100-continue', () => {
  const expecting = `${POST}Expect: 100-continue\r\n`;

  test('with a good length gets 100, and the answer once the body is there', async (t) => {
    const { port } = await startApp(t);
    const client = await openClient(t, port);
    client.send(`${expecting}Content-Length: 3\r\n\r\n`);
    await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.send('a=b');
    const answers = answersIn(await client.until((text) => text.endsWith('}')));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [100, 200],
    );
    assert.equal(answers[1]?.body, '{"a":"b"}');
  });

  const refused: [what: string, bytes: string, status: number][] = [
    ['too large a length', `${expecting}Content-Length: 99999999\r\n\r\n`, 413],
    [
      'another media type',
      'POST /02-server HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
      415,
    ],
    ['another site', `${expecting}Sec-Fetch-Site: cross-site\r\nContent-Length: 3\r\n\r\n`, 403],
    [
      'a path where nothing is',
      'POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
      404,
    ],
    [
      'no Host',
      'POST /02-server HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
      400,
    ],
  ];
  for (const [what, bytes, status] of refused) {
    test(`with ${what} gets ${status} and no 100`, async (t) => {
      const { port } = await startApp(t);
      const client = await openClient(t, port);
      client.send(bytes);
      const answer = answerIn(await client.ended());
      assert.equal(answer.status, status);
      assertProblem(answer);
    });
  }

  test('on HTTP/1.0 or without a body brings no 100', async (t) => {
    const { port } = await startApp(t);
    const old = await openClient(t, port);
    old.send(`${expecting.replace('HTTP/1.1', 'HTTP/1.0')}Content-Length: 3\r\n\r\na=b`);
    assert.equal(answerIn(await old.ended()).status, 200);
    const empty = await openClient(t, port);
    empty.send(`${expecting}Connection: close\r\n\r\n`);
    assert.equal(answerIn(await empty.ended()).body, '{}');
  });
});

test('a body that breaks off is never acted upon', async (t) => {
  const { url, port, lines } = await startApp(t);
  for (const framing of ['Content-Length: 20', 'Transfer-Encoding: chunked']) {
    const client = await openClient(t, port);
    client.send(`${POST}${framing}\r\n\r\n${framing.startsWith('C') ? 'a=b' : asChunk('a=b')}`);
    client.socket.end();
    assertProblem(answerIn(await client.ended()), 'bad_request');
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.deepEqual(lines, ['POST /02-server 400', 'POST /02-server 400', 'GET /healthz 200']);
});

test('a registration that breaks off before its last byte stores nothing', {
  skip: noDatabaseProgram,
}, async (t) => {
  const { url, port } = await startApp(t, { database: await testDatabase() });
  const form = 'uname=half-sent&upwd=correct+horse&nickname=H';
  const client = await openClient(t, port);
  client.send(
    `${POST.replace('/02-server', '/register')}Content-Length: ${form.length + 1}\r\n\r\n${form}`,
  );
  client.socket.end();
  await client.ended();
  const check = await fetch(`${url}/check-uname?uname=half-sent`);
  assert.deepEqual(await check.json(), { uname: 'half-sent', exists: false });
});
