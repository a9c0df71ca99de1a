/**
 * Clients that ask ahead: what waits is bounded, on each connection and over all of them.
 */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { Handler, Route } from '../../lib/routes/route.ts';
import { startApp } from '../support/app.ts';
import { openClient, type RawClient } from '../support/http-client.ts';
import { startServer } from '../support/http-server.ts';
import { answersIn, GET, POST } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

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

test('while much is waiting, others are read bit by bit: nobody is cut, and all is answered in order', async (t) => {
  const { begun, routes } = neverAnswered();
  const { port } = await startApp(t, { routes });
  const before = await openClient(t, port);
  const greedy: RawClient[] = [];
  // Taken at once, as much as the third sends would be too much.
  for (const requests of [1500, 1500, 1900]) {
    const client = await openClient(t, port);
    client.send(never.repeat(requests));
    greedy.push(client);
    await until('the first', () => begun() === greedy.length);
  }
  const after = await openClient(t, port);
  const values = Array.from({ length: 300 }, (_, index) => `${index}`.padEnd(1 + 7 * index, 'x'));
  const bytes = values.map(
    (value) => `${POST}Content-Length: ${value.length + 2}\r\n\r\na=${value}`,
  );
  for (const client of [before, after]) {
    client.send(`${bytes.join('')}${GET}Connection: close\r\n\r\n`);
    const answers = answersIn(await client.ended()).slice(0, -1);
    assert.deepEqual(
      answers.map(({ body }) => JSON.parse(body).a),
      values,
    );
  }
  assert.ok(greedy.every(({ socket }) => !socket.closed));
});

test('of a client that asks ahead no more is read while the first waits', async (t) => {
  let socket: Socket | undefined;
  const { port } = await startServer(t, {}, async (request, response) => {
    if (request.url === '/healthz') response.end('ok');
    else socket = request.socket;
  });
  const [greedy, other] = await Promise.all([openClient(t, port), openClient(t, port)]);
  greedy.send(`GET /never HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1000)}\r\n\r\n`.repeat(1000));
  await until('the first', () => socket !== undefined);
  for (let count = 1; count <= 20; count += 1) {
    other.send(`${GET}\r\n`);
    await other.until((text) => answersIn(text).length === count);
  }
  assert.ok(socket !== undefined && socket.bytesRead < 300_000, `${socket?.bytesRead} bytes`);
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
