/**
 * Several requests on one connection: answered one after the other, in their order, whatever comes
 * behind them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler, Route } from '../lib/routes/route.ts';
import { startApp } from './support/app.ts';
import { askToEnd, openClient } from './support/http-client.ts';
import { answersIn, assertProblem, GET, POST } from './support/http-wire.ts';
import { until } from './support/process.ts';

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

/** A request that is answered only when its client goes, by any method. */
function neverAnswered(): { begun: () => number; routes: Route[] } {
  let begun = 0;
  const handler: Handler = ({ signal }) => {
    begun += 1;
    return new Promise((_, reject) => {
      signal().addEventListener('abort', () => reject(new Error('gone')));
    });
  };
  const routes = (['GET', 'POST'] as const).map(
    (method): Route => ({ method, path: '/never', form: 'any', handler }),
  );
  return { begun: () => begun, routes };
}

const form = `${POST.replace('/02-server', '/never')}X: ${'x'.repeat(900)}\r\nContent-Length: 3\r\n\r\na=b`;
for (const [what, one] of [
  ['requests', `GET /never HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1000)}\r\n\r\n`],
  ['requests whose bodies have to be read', form],
] as const) {
  test(`a flood of ${what} is not read to its end while the first is being answered`, async (t) => {
    const { begun, routes } = neverAnswered();
    const { port, url } = await startApp(t, { routes });
    const client = await openClient(t, port);
    // Far more than the system's own buffers hold: what is not read stays here.
    for (let count = 0; count < 40; count += 1) client.send(one.repeat(1000));
    await until('the first', () => begun() === 1);
    // Whatever it could read in the meantime, it has.
    for (let count = 0; count < 20; count += 1) await (await fetch(`${url}/healthz`)).text();
    assert.equal(begun(), 1);
    assert.ok(!client.socket.destroyed);
    const left = client.socket.writableLength;
    assert.ok(left > 10_000_000, `${left} bytes left`);
  });
}

const never = 'GET /never HTTP/1.1\r\nHost: a\r\n\r\n';
const large = `${POST.replace('/02-server', '/never')}Content-Length: 15000\r\n\r\n${'x'.repeat(15_000)}`;
for (const [what, ahead] of [
  ['many requests', never.repeat(1900)],
  ['large ones', large.repeat(4)],
] as const) {
  test(`of clients that ask ahead for ${what}, those that hold most are cut, and no other`, async (t) => {
    const { begun, routes } = neverAnswered();
    const { port, url } = await startApp(t, { routes });
    const modest = await openClient(t, port);
    modest.send(never.repeat(3));
    let cut = 0;
    for (let count = 1; cut < 10; count += 1) {
      assert.ok(count < 500, 'nobody is cut');
      const greedy = await openClient(t, port);
      greedy.socket.on('close', () => {
        cut += 1;
      });
      greedy.socket.removeAllListeners('error').on('error', () => {});
      greedy.send(never + ahead);
      await until('the first', () => begun() === count + 1);
      await (await fetch(`${url}/healthz`)).text();
    }
    assert.ok(!modest.socket.destroyed);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
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
