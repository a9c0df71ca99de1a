/**
 * No client holds a connection for ever. The limits are tried with shorter times; the real ones are
 * stated.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import { describe, test } from 'node:test';
import { readForm } from '../../lib/http/form.ts';
import { ClientGone } from '../../lib/http/gone.ts';
import { createHttpServer, type Timing } from '../../lib/http/server.ts';
import { atEnd } from '../support/at-end.ts';
import { openClient } from '../support/http-client.ts';
import { BIG, startServer } from '../support/http-server.ts';
import { answerIn, answersIn, assertProblem, GET, POST } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

async function untilNobodyIsHeld(server: Server): Promise<void> {
  const held = () =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  await until('the connection to be closed', async () => (await held()) === 0, 10_000);
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
      atEnd(t, () => clearInterval(timer));
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

  test('a second request whose rest comes after its time, but before its 408, is not acted upon', async (t) => {
    const urls: string[] = [];
    let finish = () => {};
    const { server, port } = await startServer(t, { headersMs: 300 }, async (request, response) => {
      urls.push(request.url ?? '');
      finish = () => response.end('first');
    });
    const client = await openClient(t, port);
    const refused = once(server, 'clientError');
    client.send(`GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHo`);
    await refused;
    client.send('st: a\r\n\r\n');
    // By then it has read them: whatever comes is read in the order in which it came.
    const other = await openClient(t, port);
    other.send('GET /other HTTP/1.1\r\nHost: a\r\n\r\n');
    const first = finish;
    await until('the other', () => urls.includes('/other'));
    first();
    const answers = answersIn(await client.ended());
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 408],
    );
    assert.deepEqual(urls, ['/first', '/other']);
  });

  test('a client that asks for much and reads nothing is let go', async (t) => {
    const { port, server } = await startServer(t, { stalledMs: 300 });
    const client = await openClient(t, port);
    client.socket.pause().on('error', () => {});
    client.send(`${GET}\r\n`);
    await untilNobodyIsHeld(server);
  });

  test('a client that is refused and then neither sends nor closes is let go', async (t) => {
    const { port, server } = await startServer(t, {});
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    atEnd(t, () => socket.destroy());
    socket.on('error', () => {}).resume();
    socket.write('GARBAGE\r\n\r\n');
    await once(socket, 'end');
    await untilNobodyIsHeld(server);
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

test('a form whose client has gone before anybody reads it is given up', async (t) => {
  let outcome: unknown;
  const { port } = await startServer(t, {}, async (request, response) => {
    request.socket.destroy();
    await once(response, 'close');
    outcome = await readForm(request, response, 'any').catch((error) => error);
  });
  const client = await openClient(t, port);
  client.socket.removeAllListeners('error').on('error', () => {});
  client.send(`${POST}Content-Length: 9\r\n\r\na=b`);
  await until('the outcome', () => outcome !== undefined);
  assert.ok(outcome instanceof ClientGone);
});

test('the limits are stated, not inherited', async (t) => {
  const { server, drain } = createHttpServer({ answer: async () => {}, refused: () => {} });
  atEnd(t, drain);
  assert.equal(server.headersTimeout, 10_000);
  assert.equal(server.requestTimeout, 15_000);
  assert.equal(server.keepAliveTimeout, 5000);
  assert.equal(server.timeout, 20_000);
  assert.ok(server.maxConnections > 10_000 && server.maxConnections < 100_000);
});
