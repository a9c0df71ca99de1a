/** Timeouts, pipelining, half-closed connections and the drain. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpServer } from '../../lib/http/server.ts';
import type { StatelessHandler } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { askToEnd, openClient } from '../support/http-client.ts';
import { BIG, startServer } from '../support/http-server.ts';
import { answerIn, answersIn, GET, POST } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

const SLOW = 'GET /lab/slow?ms=100 HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = `${GET}Connection: close\r\n\r\n`;
const FORM = `${POST}Content-Length: 3\r\n\r\na=b`;

const statusesIn = (text: string) => answersIn(text).map(({ status }) => status);

async function untilNoConnection(server: Server): Promise<void> {
  const open = () =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  await until('the connection to be closed', async () => (await open()) === 0, 10_000);
}

// Most of the time is waiting, so they wait together.
describe('no client holds a connection for ever:', { concurrency: true }, () => {
  const both = { headersTimeout: 300, requestTimeout: 300 };
  const slow: [what: string, timeouts: object, bytes: string][] = [
    ['sends nothing', { headersTimeout: 300 }, ''],
    ['stops in the headers', { headersTimeout: 300 }, GET],
    ['stops in the body', both, `${POST}Content-Length: 9\r\n\r\na=b`],
    ['stops in a chunk', both, `${POST}Transfer-Encoding: chunked\r\n\r\n9\r\na`],
  ];
  for (const [what, timeouts, bytes] of slow) {
    test(`a client that ${what} is answered 408 and closed`, async (t) => {
      const { port } = await startServer(t, timeouts);
      const client = await openClient(t, port);
      if (bytes !== '') client.send(bytes);
      assert.match(await client.ended(), /^HTTP\/1.1 408 [\s\S]*\r\nConnection: close\r\n/);
    });
  }

  for (const [what, timeouts, begin] of [
    ['headers', { headersTimeout: 500 }, GET],
    ['body', { requestTimeout: 500, headersTimeout: 500 }, `${POST}Content-Length: 99999\r\n\r\n`],
  ] as const) {
    test(`a client that sends its ${what} byte by byte is answered 408`, async (t) => {
      const { port } = await startServer(t, timeouts);
      const client = await openClient(t, port);
      client.send(begin);
      const timer = setInterval(() => client.socket.writable && client.send('x'), 20);
      atEnd(t, () => clearInterval(timer));
      client.socket.on('error', () => {}); // it goes on sending for a moment
      await client.until((text) => text.startsWith('HTTP/1.1 408 '));
    });
  }

  test('a kept connection on which nothing more comes is closed without a response', async (t) => {
    const { port } = await startServer(t, { keepAliveTimeout: 300 });
    assert.equal(answerIn(await askToEnd(t, port, FORM)).body, '3 bytes');
  });

  for (const [what, after] of [
    ['', ''],
    [', also with CONNECT behind', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ]) {
    test(`a client that requests much and reads nothing is closed${what}`, async (t) => {
      const { port, server } = await startServer(t, { timeout: 300 });
      const client = await openClient(t, port);
      client.socket.pause().on('error', () => {});
      client.send(`${GET}\r\n${after}`);
      await untilNoConnection(server);
    });
  }

  test('a client that reads slowly, but reads, is not closed', async (t) => {
    const { port } = await startServer(t, { timeout: 1000 });
    const client = await openClient(t, port);
    client.send(`${GET}\r\n`);
    let unpaused = 0;
    client.socket.on('data', (chunk) => {
      unpaused += chunk.length;
      if (unpaused < 1_048_576) return;
      unpaused = 0;
      client.socket.pause();
      setTimeout(() => client.socket.resume(), 60);
    });
    const text = await client.until((all) => all.length > BIG.length);
    assert.equal(answerIn(text).body.length, BIG.length);
  });
});

test('the limits are stated, not inherited', async (t) => {
  const { server, drain } = createHttpServer(async () => {});
  atEnd(t, drain);
  assert.equal(server.headersTimeout, 10_000);
  assert.equal(server.requestTimeout, 15_000);
  assert.equal(server.keepAliveTimeout, 5000);
  assert.equal(server.timeout, 20_000);
  assert.equal(server.maxConnections, 20_000);
});

const behind: [what: string, bytes: string, statuses: number[]][] = [
  ['another good request', `${SLOW}${LAST}`, [200, 200]],
  ['a request that is not good', `${SLOW}GET / HTTP/1.1\r\nHost: a b\r\n\r\n`, [200, 400]],
  ['CONNECT', `${SLOW}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`, [200, 405]],
  [
    'a body that looks like a request',
    `POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: ${SLOW.length}\r\n\r\n${SLOW}${LAST}`,
    [404, 200],
  ],
];
for (const [what, bytes, statuses] of behind) {
  test(`pipelined: a slow request is answered before ${what}`, async (t) => {
    const { port } = await startApp(t);
    assert.deepEqual(statusesIn(await askToEnd(t, port, bytes)), statuses);
  });
}

test('a pipelined request begins when the one before has ended', async (t) => {
  const begun: ServerResponse[] = [];
  const { port } = await startServer(t, {}, async (_, response) => void begun.push(response));
  const client = await openClient(t, port);
  client.send(`${GET}\r\n${GET}\r\n${GET}\r\n`);
  for (let count = 1; count <= 3; count += 1) {
    await until('the request', () => begun.length === count);
    const other = await openClient(t, port);
    other.send(`${GET}\r\n`);
    await until('the other', () => begun.length > count);
    // Whatever has come is read in the order in which it came.
    assert.equal(begun.length, count + 1);
    begun.pop()?.end();
    begun.at(-1)?.end(String(count));
  }
  const text = await client.until((all) => answersIn(all).length === 3);
  assert.deepEqual(
    answersIn(text).map(({ body }) => body),
    ['1', '2', '3'],
  );
});

test('a thousand requests sent at once are all answered, in order', async (t) => {
  const { port } = await startApp(t);
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const bytes = names.map((name) => `GET /01-server?name=${name} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const answers = answersIn(await askToEnd(t, port, bytes.join('') + LAST));
  assert.deepEqual(
    answers.slice(0, -1).map(({ body }) => body),
    names.map((name) => `Hello, ${name}!`),
  );
});

test('forms sent at once, larger than what is read at once, are all answered in order', async (t) => {
  const { port } = await startApp(t);
  const values = Array.from({ length: 200 }, (_, index) => `${index}`.padEnd(1 + 11 * index, 'x'));
  const bytes = values.map(
    (value) => `${POST}Content-Length: ${value.length + 2}\r\n\r\na=${value}`,
  );
  const answers = answersIn(await askToEnd(t, port, bytes.join('') + LAST));
  assert.deepEqual(
    answers.slice(0, -1).map(({ body }) => JSON.parse(body).a),
    values,
  );
});

test('while a request waits behind another, no more is read of its connection', async (t) => {
  let bytesRead = () => 0;
  const { port } = await startServer(t, {}, async ({ url, socket }, response) => {
    if (url === '/healthz') response.end('ok');
    else bytesRead = () => socket.bytesRead;
  });
  const [greedy, other] = await Promise.all([openClient(t, port), openClient(t, port)]);
  greedy.send(`GET /never HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1000)}\r\n\r\n`.repeat(1000));
  await until('the first', () => bytesRead() > 0);
  for (let count = 1; count <= 20; count += 1) {
    other.send(`${GET}\r\n`);
    await other.until((text) => answersIn(text).length === count);
  }
  assert.ok(bytesRead() < 300_000, `${bytesRead()} bytes`);
});

const marked = 'GET /marked HTTP/1.1\r\nHost: a\r\n\r\n';
test('what follows a message whose end is uncertain is not acted upon', async (t) => {
  let count = 0;
  const handler: StatelessHandler = () => {
    count += 1;
    return { status: 204, headers: [], body: '' };
  };
  const routes = [{ method: 'GET', path: '/marked', handler } as const];
  const { port, url } = await startApp(t, { routes });
  const client = await openClient(t, port);
  client.send(`GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${marked}`);
  assert.deepEqual(statusesIn(await client.ended()), [400]);
  await (await fetch(`${url}/healthz`)).text();
  assert.equal(count, 0);
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

test('a client that closes its sending half gets its response, 300 times of 300', async (t) => {
  const { port } = await startApp(t);
  const one = `${GET}\r\n`;
  for (const [bytes, count] of [
    [one, 1],
    [FORM, 1],
    [one.repeat(3), 3],
  ] as const) {
    for (let round = 0; round < 100; round += 1) {
      const client = await openClient(t, port);
      client.socket.end(bytes);
      assert.deepEqual(statusesIn(await client.ended()), Array(count).fill(200));
    }
  }
});

for (const ms of [0, 100]) {
  test(`signal() called after ${ms} ms aborts when the client has closed its sending half`, async (t) => {
    let reason: unknown;
    const handler: StatelessHandler = async ({ signal }) => {
      await sleep(ms);
      const abort = signal();
      if (!abort.aborted) await once(abort, 'abort');
      reason = abort.reason;
      throw reason;
    };
    const routes = [{ method: 'GET', path: '/never', handler } as const];
    const { port, lines } = await startApp(t, { routes });
    const client = await openClient(t, port);
    client.socket.removeAllListeners('error').on('error', () => {});
    client.socket.end('GET /never HTTP/1.1\r\nHost: a\r\n\r\n').resume();
    await until('the abort', () => reason !== undefined);
    assert.ok(reason instanceof Error && reason.name === 'AbortError');
    await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
    assert.deepEqual(lines, ['GET /healthz 200']);
    assert.equal(client.received(), '');
  });
}

const gone: [what: string, bytes: string][] = [
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['garbage', 'GARBAGE\r\n\r\n'],
  ['a slow request', SLOW],
  ['half a body', `${POST}Content-Length: 10\r\n\r\na=`],
  ['two requests and CONNECT', `${SLOW}${SLOW}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['two requests and garbage', `${SLOW}${SLOW}GARBAGE`],
];
for (const [what, bytes] of gone) {
  test(`a client that resets the connection after ${what} harms no other`, async (t) => {
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

test('drain: a request that has begun is answered, as its connection’s last', async (t) => {
  const { port, drain } = await startServer(t, {});
  const client = await openClient(t, port);
  client.send(`${FORM}${POST}Content-Length: 3\r\n\r\n`);
  await client.until((text) => text.endsWith('3 bytes'));
  await sleep(20);
  const drained = drain();
  client.send('a=b');
  const [, second] = answersIn(await client.ended());
  assert.equal(second?.body, '3 bytes');
  assert.equal(second?.headers.get('connection'), 'close');
  await drained;
});

/** A clock that stands still until it is moved. */
function stopClock(t: TestContext): { at: number } {
  const clock = { at: 0 };
  t.mock.method(performance, 'now', () => clock.at);
  return clock;
}

test('drain: connections without a request are closed at once', { timeout: 10_000 }, async (t) => {
  const { port, drain } = await startServer(t, {});
  const [silent, idle] = await Promise.all([openClient(t, port), openClient(t, port)]);
  idle.send(FORM);
  await idle.until((text) => text.endsWith('3 bytes'));
  stopClock(t);
  await drain();
  await Promise.all([silent.ended(), idle.ended()]);
});

test('drain: after 7 s the connections that are left are cut', { timeout: 10_000 }, async (t) => {
  let begun = false;
  const { port, drain } = await startServer(t, {}, async () => {
    begun = true;
  });
  const client = await openClient(t, port);
  client.socket.removeAllListeners('error').on('error', () => {});
  client.send(`${GET}\r\n`);
  await until('the request', () => begun);
  const clock = stopClock(t);
  let isOver = false;
  const drained = drain().then(() => {
    isOver = true;
  });
  clock.at = 6999;
  // It polls every 20 ms.
  await sleep(100);
  assert.ok(!isOver && !client.socket.closed);
  clock.at = 7000;
  await drained;
  await once(client.socket, 'close');
});
