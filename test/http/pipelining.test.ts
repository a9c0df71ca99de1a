/**
 * Several requests on one connection: answered one after the other, in their order, whatever comes
 * behind them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { askToEnd, openClient } from '../support/http-client.ts';
import { answersIn, assertProblem, GET, POST } from '../support/http-wire.ts';

const SLOW = 'GET /lab/slow?ms=100 HTTP/1.1\r\nHost: a\r\n\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const LAST = `${GET}Connection: close\r\n\r\n`;

const behind: [what: string, bytes: string, statuses: number[]][] = [
  ['another good request', `${SLOW}${LAST}`, [200, 200]],
  ['garbage', `${SLOW}GARBAGE\r\n\r\n`, [200, 400]],
  ['garbage behind two', `${SLOW}${SLOW}GARBAGE\r\n\r\n`, [200, 200, 400]],
  ['a request that is no good', `${SLOW}GET / HTTP/1.1\r\n\r\n`, [200, 400]],
  ['headers that are too large', `${SLOW}${GET}X: ${'x'.repeat(20_000)}\r\n\r\n`, [200, 431]],
  ['a body whose chunks are broken', `${SLOW}${CHUNKED}zz\r\n`, [200, 400]],
  [
    'a body that is too large',
    `${SLOW}${POST}Content-Length: 99999\r\n\r\n${'x'.repeat(99_999)}`,
    [200, 413],
  ],
  ['CONNECT', `${SLOW}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`, [200, 405]],
  [
    'what the first one closes off',
    `GET /lab/slow?ms=100 HTTP/1.1\r\nHost: a\r\n${'Connection: close\r\n\r\n'}${SLOW}`,
    [200],
  ],
  [
    'a body that looks like a request',
    `POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: ${SLOW.length}\r\n\r\n${SLOW}${LAST}`,
    [404, 200],
  ],
  [
    'a refused body that looks like one',
    `POST /logout HTTP/1.1\r\nHost: a\r\nContent-Length: ${SLOW.length}\r\n\r\n${SLOW}${LAST}`,
    [415, 200],
  ],
];
for (const [what, bytes, statuses] of behind) {
  test(`a slow request is answered before ${what}`, async (t) => {
    const { port } = await startApp(t);
    const answers = answersIn(await askToEnd(t, port, bytes));
    assert.deepEqual(
      answers.map(({ status }) => status),
      statuses,
    );
    for (const answer of answers) if (answer.status >= 400) assertProblem(answer);
  });
}

test('a chunked body that breaks behind an early refusal does not bring a second answer', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.send(
    'POST /nowhere HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n',
  );
  await client.until((text) => text.includes('not_found'));
  client.send('zz\r\n');
  const [first, ...others] = answersIn(await client.ended());
  assert.equal(first?.status, 404);
  assert.deepEqual(others, []);
});

test('requests that change something are not overtaken', async (t) => {
  const { port } = await startApp(t, {
    routes: [
      {
        method: 'PUT',
        path: '/slowly',
        handler: async ({ session }) => {
          await sleep(50);
          session.set('page:first', 'stored');
          return { status: 204, headers: [], body: '' };
        },
      },
    ],
  });
  const client = await openClient(t, port);
  client.send(
    `PUT /session/a HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nvalue=1`,
  );
  const cookie = /Set-Cookie: (sid=[^;]+)/.exec(
    await client.until((text) => text.endsWith('}')),
  )?.[1];
  const head = `HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n`;
  client.send(`PUT /slowly ${head}\r\nGET /session/first ${head}Connection: close\r\n\r\n`);
  const last = answersIn(await client.ended()).at(-1);
  assert.equal(last?.status, 200, last?.body);
});

test('a connection is kept for the next request, and says for how long', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.send(`${GET}\r\n`);
  await client.until((text) => text.endsWith('}'));
  client.send(`GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`);
  await client.until((text) => answersIn(text).length === 2);
  client.send('GET /healthz HTTP/1.0\r\n\r\n');
  const answers = answersIn(await client.ended());
  assert.deepEqual(
    answers.map(({ headers }) => headers.get('connection')),
    ['keep-alive', 'keep-alive', 'close'],
  );
  assert.equal(answers[0]?.headers.get('keep-alive'), 'timeout=5');
});

test('a thousand requests sent at once are all answered, in order', async (t) => {
  const { port } = await startApp(t);
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const bytes = names.map((name) => `GET /01-server?name=${name} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const answers = answersIn(await askToEnd(t, port, bytes.join('') + LAST));
  const greetings = names.map((name) => `Hello, ${name}!`);
  assert.deepEqual(
    answers.slice(0, -1).map(({ body }) => body),
    greetings,
  );
});

const marked = 'GET /marked HTTP/1.1\r\nHost: a\r\n\r\n';
const last: [what: string, bytes: string, later: string][] = [
  ['two Hosts', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${marked}`, ''],
  ['101 header lines', `${GET}${'X: y\r\n'.repeat(100)}\r\n${marked}`, ''],
  [
    'a body that nobody waited for',
    'POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n',
    `a=b${marked}`,
  ],
];
for (const [what, bytes, later] of last) {
  test(`what comes behind ${what}, whose answer is the last, is not acted upon`, async (t) => {
    let count = 0;
    const handler: Handler = () => {
      count += 1;
      return { status: 204, headers: [], body: '' };
    };
    const { port, url } = await startApp(t, {
      routes: [{ method: 'GET', path: '/marked', handler }],
    });
    const client = await openClient(t, port);
    client.send(bytes);
    await client.until((text) => text.endsWith('}'));
    if (later !== '') client.send(later);
    assert.equal(answersIn(await client.ended()).length, 1);
    await new Promise((resolve) => client.socket.once('close', resolve));
    await (await fetch(`${url}/healthz`)).text();
    assert.equal(count, 0);
  });
}

const gone: [what: string, bytes: string][] = [
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['garbage', 'GARBAGE\r\n\r\n'],
  ['a slow request', SLOW],
  ['half a body', `${POST}Content-Length: 10\r\n\r\na=`],
  ['two requests and garbage', `${SLOW}${SLOW}GARBAGE`],
];
for (const [what, bytes] of gone) {
  test(`a client that resets the connection after ${what} harms nobody`, async (t) => {
    const { port, url, lines } = await startApp(t);
    for (let round = 0; round < 20; round += 1) {
      const client = await openClient(t, port);
      client.socket.removeAllListeners('error').on('error', () => {});
      client.send(bytes);
      await sleep(round % 4);
      client.socket.resetAndDestroy();
    }
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    assert.deepEqual(
      lines.filter((line) => line.includes('rror')),
      [],
    );
  });
}
