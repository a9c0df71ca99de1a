/**
 * How a server stops: no request that has come in is lost, and nobody holds it up for ever.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClient } from '../support/http-client.ts';
import { startServer } from '../support/http-server.ts';
import { answersIn, GET, POST } from '../support/http-wire.ts';
import { until } from '../support/process.ts';

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

/** A clock that stands still until it is moved. */
function stopClock(t: TestContext): { at: number } {
  const clock = { at: 0 };
  t.mock.method(performance, 'now', () => clock.at);
  return clock;
}

test('a stop is over as soon as nobody is connected any more', { timeout: 30_000 }, async (t) => {
  const { port, drain } = await startServer(t, {});
  const client = await openClient(t, port);
  client.send(`${POST}Content-Length: 3\r\n\r\na=b`);
  await client.until((text) => text.endsWith('3 bytes'));
  stopClock(t);
  const drained = drain();
  client.socket.end();
  await drained;
});

test('a stop waits 7 s for an answer, and then cuts its client', { timeout: 30_000 }, async (t) => {
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
  // It looks again every 20 ms.
  await sleep(100);
  assert.ok(!isOver && !client.socket.closed);
  clock.at = 7000;
  await drained;
  await until('the cut', () => client.socket.closed);
});
