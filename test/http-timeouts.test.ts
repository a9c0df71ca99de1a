/**
 * No client holds a connection for ever. The limits are tried with shorter times; the real ones are
 * stated.
 */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listener } from '../lib/http/connection.ts';
import { ClientGone } from '../lib/http/gone.ts';
import { readForm } from '../lib/http/input.ts';
import { createHttpServer, type Timing } from '../lib/http/server.ts';
import { openClient } from './support/http-client.ts';
import { answerIn, answersIn, assertProblem, GET, POST } from './support/http-wire.ts';
import { until } from './support/process.ts';

/** Nothing ends by these within a test; each test shortens the one that it is about. */
const PATIENT: Timing = {
  headersMs: 60_000,
  requestMs: 60_000,
  checkMs: 50,
  keepAliveMs: 60_000,
  stalledMs: 60_000,
};
const BIG = Buffer.alloc(32 * 1_048_576, 'x');

/** Answers when the body is whole: with 32 MiB to GET, with its length to POST. */
const answerWhole: Listener['answer'] = async (request, response) => {
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
  });
  request.on('end', () => response.end(request.method === 'GET' ? BIG : `${length} bytes`));
};

async function startServer(t: TestContext, timing: Partial<Timing>, answer = answerWhole) {
  const { server, drain } = createHttpServer(
    { answer, refused: () => {} },
    { ...PATIENT, ...timing },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await drain();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { server, port, drain };
}

// Most of the time is waiting, so they wait together.
describe('no client holds a connection for ever:', { concurrency: true }, () => {
  const slow: [what: string, timing: Partial<Timing>, bytes: string][] = [
    ['sends nothing', { headersMs: 300 }, ''],
    ['stops in the headers', { headersMs: 300 }, GET],
    [
      'stops in the body',
      { requestMs: 300, headersMs: 300 },
      `${POST}Content-Length: 9\r\n\r\na=b`,
    ],
    [
      'stops in a chunk',
      { requestMs: 300, headersMs: 300 },
      `${POST}Transfer-Encoding: chunked\r\n\r\n9\r\na`,
    ],
  ];
  for (const [what, timing, bytes] of slow) {
    test(`a client that ${what} is answered 408 and let go`, async (t) => {
      const { port } = await startServer(t, timing);
      const client = await openClient(t, port);
      if (bytes !== '') client.send(bytes);
      const answer = answerIn(await client.ended());
      assert.equal(answer.status, 408);
      assertProblem(answer, 'request_timeout');
    });
  }

  for (const [what, timing, begin] of [
    ['headers', { headersMs: 500 }, GET],
    ['body', { requestMs: 500, headersMs: 500 }, `${POST}Content-Length: 99999\r\n\r\n`],
  ] as const) {
    test(`a client that sends its ${what} byte by byte is answered 408 and let go`, async (t) => {
      const { port } = await startServer(t, timing);
      const client = await openClient(t, port);
      client.send(begin);
      const timer = setInterval(() => client.socket.writable && client.send('x'), 20);
      t.after(() => clearInterval(timer));
      client.socket.on('error', () => {}); // it goes on sending for a moment
      assert.equal(answerIn(await client.until((text) => text.endsWith('}'))).status, 408);
    });
  }

  test('a kept connection on which nothing more comes is closed without a word', async (t) => {
    const { port } = await startServer(t, { keepAliveMs: 300 });
    const client = await openClient(t, port);
    client.send(`${POST}Content-Length: 3\r\n\r\na=b`);
    const answer = answerIn(await client.ended());
    assert.equal(answer.body, '3 bytes');
  });

  test('a second request that stops half-way is answered 408 behind the first answer', async (t) => {
    const { port } = await startServer(t, { headersMs: 1000 });
    const client = await openClient(t, port);
    client.send(`${POST}Content-Length: 3\r\n\r\na=b${GET}`);
    const answers = answersIn(await client.ended());
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 408],
    );
  });

  const late: [what: string, before: string, after: string][] = [
    ['a body', `${POST}Content-Length: 3\r\n\r\na`, '=b'],
    ['headers', `${POST}Content-Len`, 'gth: 3\r\n\r\na=b'],
    ['a request', '', `${POST}Content-Length: 3\r\n\r\na=b`],
  ];
  for (const [what, before, after] of late) {
    test(`${what} that comes after the 408 is not acted upon`, async (t) => {
      const done: unknown[] = [];
      const { port } = await startServer(t, { headersMs: 300, requestMs: 300 }, async (...both) => {
        done.push(await readForm(...both, 'any').catch(({ message }) => message));
      });
      const client = await openClient(t, port);
      if (before !== '') client.send(before);
      await client.until((text) => text.endsWith('}'));
      client.send(after);
      await new Promise((resolve) => client.socket.once('close', resolve));
      assert.deepEqual(done, what === 'a body' ? ['the request was refused'] : []);
      assert.equal(answerIn(client.received()).status, 408);
    });
  }

  test('a client that asks for much and reads nothing is let go', async (t) => {
    const { port, server } = await startServer(t, { stalledMs: 300 });
    const client = await openClient(t, port);
    client.socket.pause().on('error', () => {});
    client.send(`${GET}\r\n`);
    const held = () =>
      new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    for (let tries = 0; (await held()) > 0; tries += 1) {
      assert.ok(tries < 200, 'it is still held after 10 s');
      await sleep(50);
    }
  });

  test('a client that reads slowly, but reads, is not let go', async (t) => {
    const { port } = await startServer(t, { stalledMs: 1000 });
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

test('a request that is on its way when the server stops is answered, as its connection’s last', async (t) => {
  const { port, drain } = await startServer(t, {});
  const [begun, idle] = await Promise.all([openClient(t, port), openClient(t, port)]);
  for (const client of [begun, idle]) {
    client.send(`${POST}Content-Length: 3\r\n\r\na=b`);
    await client.until((text) => text.endsWith('3 bytes'));
  }
  begun.send(`${POST}Content-Length: 3\r\n\r\n`);
  await sleep(20);
  const drained = drain();
  begun.send('a=b');
  idle.send(`${POST}Content-Length: 3\r\n\r\na=b`);
  for (const client of [begun, idle]) {
    const [, second] = answersIn(await client.ended());
    assert.equal(second?.body, '3 bytes');
    assert.equal(second?.headers.get('connection'), 'close');
  }
  await drained;
});

test('what waited on a connection that is closed does not count any more', async (t) => {
  const { port, server } = await startServer(t, {}, async (request, response) => {
    if (request.url === '/healthz') response.end('ok');
  });
  // In all, far more than may wait at a time.
  for (let round = 0; round < 80; round += 1) {
    const [greedy, other] = await Promise.all([openClient(t, port), openClient(t, port)]);
    greedy.socket.removeAllListeners('error').on('error', () => {});
    greedy.send('GET /never HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000));
    for (let count = 1; count <= 2; count += 1) {
      other.send(`${GET}\r\n`);
      await other.until((text) => answersIn(text).length === count);
    }
    assert.ok(!greedy.socket.closed, `it is cut in round ${round}`);
    server.closeAllConnections();
    await until('the end', () => greedy.socket.closed);
  }
});

test('a form whose client goes away half-way is given up', async (t) => {
  let begun = false;
  let outcome: unknown;
  const { port } = await startServer(t, {}, async (...both) => {
    begun = true;
    outcome = await readForm(...both, 'any').catch((error) => error);
  });
  const client = await openClient(t, port);
  client.send(`${POST}Content-Length: 9\r\n\r\na=b`);
  await until('the request', () => begun);
  client.socket.resetAndDestroy();
  await until('the outcome', () => outcome !== undefined);
  assert.ok(outcome instanceof ClientGone);
});

test('the limits are stated, not inherited', async (t) => {
  const { server, drain } = createHttpServer({ answer: async () => {}, refused: () => {} });
  t.after(drain);
  assert.equal(server.headersTimeout, 10_000);
  assert.equal(server.requestTimeout, 15_000);
  assert.equal(server.keepAliveTimeout, 5000);
  assert.equal(server.timeout, 20_000);
  assert.ok(server.maxConnections > 10_000 && server.maxConnections < 100_000);
});
