import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { startApp, type TestApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { openAt, type TcpServer, tcpServer } from '../support/fault-database.ts';
import { type Fate, type FaultProxy, faultProxy } from '../support/fault-proxy.ts';
import { sendForm } from '../support/http.ts';
import { until } from '../support/process.ts';

/** First byte of the command that runs a prepared statement (COM_STMT_EXECUTE). */
const EXECUTE = 0x17;
const COMMAND_AT = 4;

async function behindProxy(
  t: TestContext,
): Promise<{ app: TestApp; proxy: FaultProxy; server: TcpServer }> {
  const server = await tcpServer(t);
  await server.start();
  const proxy = await faultProxy(t, server.port);
  const url = server.url();
  url.port = String(proxy.port);
  const app = await appOn(t, url);
  // A busy machine may take longer than a request waits.
  await until('the database', async () => (await check(app, 'admin')).status === 200);
  return { app, proxy, server };
}

async function appOn(t: TestContext, url: URL): Promise<TestApp> {
  return startApp(t, { database: openAt(t, url) });
}

/**
 * What becomes of the statements that carry this name, in their order; the last fate is for the
 * rest.
 */
function onStatementWith(proxy: FaultProxy, name: string, fates: readonly Fate[]) {
  const seen = { count: 0 };
  proxy.onPiece = (piece) => {
    if (piece[COMMAND_AT] !== EXECUTE || !piece.includes(name)) return 'pass';
    const fate = fates[Math.min(seen.count, fates.length - 1)] ?? 'pass';
    seen.count += 1;
    return fate;
  };
  return seen;
}

/** Answered, although the database is silent; after 1.5 s, had the machine nothing else to do. */
function check({ url }: TestApp, name: string): Promise<Response> {
  return fetch(`${url}/check-uname?uname=${name}`, { signal: AbortSignal.timeout(10_000) });
}

function register({ url }: TestApp, uname: string): Promise<Response> {
  return sendForm(`${url}/register`, { uname, upwd: 'correct horse', nickname: 'x' });
}

describe('on a bad connection', { skip: noDatabaseProgram, concurrency: 2 }, () => {
  test('a SELECT is tried once more, and not twice', async (t) => {
    const { app, proxy } = await behindProxy(t);
    const cases: [fates: Fate[], status: number, count: number][] = [
      [['pass'], 200, 1],
      [['cut', 'pass'], 200, 2],
      [['answer lost', 'pass'], 200, 2],
      [['cut'], 503, 2],
    ];
    for (const [fates, status, count] of cases) {
      const seen = onStatementWith(proxy, 'alice', fates);
      assert.equal((await check(app, 'alice')).status, status, fates.join());
      assert.equal(seen.count, count, fates.join());
    }
  });

  test('an INSERT is never tried again: it may have been stored', async (t) => {
    const { app, proxy, server } = await behindProxy(t);
    const stored = async (name: string) =>
      (await server.sql(`SELECT id FROM ajax.users WHERE uname = '${name}'`)).length;

    const cut = onStatementWith(proxy, 'cut-off', ['cut', 'pass']);
    assert.equal((await register(app, 'cut-off')).status, 503);
    assert.equal(cut.count, 1);
    assert.equal(await stored('cut-off'), 0);

    const lost = onStatementWith(proxy, 'half-told', ['answer lost', 'pass']);
    assert.equal((await register(app, 'half-told')).status, 503);
    assert.equal(lost.count, 1);
    assert.equal(await stored('half-told'), 1);
    assert.equal((await register(app, 'half-told')).status, 409);
  });

  test('an INSERT that was given up before it was sent is not sent later', async (t) => {
    const { app, proxy } = await behindProxy(t);
    const seen = onStatementWith(proxy, 'given-up', ['pass']);
    const release = proxy.hold();
    assert.equal((await register(app, 'given-up')).status, 503);
    release();
    await until('the database', async () => (await check(app, 'admin')).status === 200);
    await until('the lost connection to be closed', () => proxy.count() === 1);
    assert.equal(seen.count, 0);
    assert.equal((await register(app, 'given-up')).status, 201);
  });

  test('silence is answered 503 within 2 s, holds few connections, and is got over', async (t) => {
    const { app, proxy } = await behindProxy(t);
    proxy.isSilent = true;
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 30 }, () => check(app, 'admin')));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [503]);
      assert.equal((await fetch(`${app.url}/`)).status, 200);
      assert.ok(proxy.count() <= 11, `${proxy.count()} connections`);
    }
    proxy.isSilent = false;
    await until('the database', async () => (await check(app, 'admin')).status === 200);
    const answers = await Promise.all(Array.from({ length: 30 }, () => check(app, 'admin')));
    assert.deepEqual(
      [...new Set(answers.map(({ status }) => status))],
      [200],
      'all slots are free',
    );
  });

  test('refused connections are answered 503 at once, and got over', async (t) => {
    const { app, proxy } = await behindProxy(t);
    proxy.refuse();
    for (let count = 0; count < 5; count += 1) {
      assert.equal((await check(app, 'admin')).status, 503);
    }
    await proxy.accept();
    await until('the database', async () => (await check(app, 'admin')).status === 200);
  });
});

const strangers: [what: string, greeting: Buffer | string][] = [
  ['says nothing', ''],
  ['speaks SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['sends a packet that is too short', Buffer.from([5, 0, 0, 0, 10, 1, 2, 3, 4])],
  ['sends a packet out of turn', Buffer.from([1, 0, 0, 9, 10])],
  ['refuses with an error of its own', Buffer.from('\x0b\0\0\0\xff\x10\x04Too many', 'latin1')],
];
describe('DATABASE_URL of a server that', { concurrency: strangers.length }, () => {
  for (const [what, greeting] of strangers) {
    test(`${what} is answered 503, and nothing falls over`, async (t) => {
      const callers = new Set<Socket>();
      const stranger = createServer((socket) => {
        callers.add(socket);
        socket.on('error', () => {}).on('close', () => callers.delete(socket));
        socket.write(greeting);
      });
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      atEnd(t, () => {
        for (const socket of callers) socket.destroy();
        stranger.close();
      });
      const { port } = stranger.address() as { port: number }; // it listens on a port
      const app = await appOn(t, new URL(`mysql://root:x@127.0.0.1:${port}/ajax`));
      assert.equal((await check(app, 'admin')).status, 503);
      assert.equal((await check(app, 'admin')).status, 503);
      assert.equal((await fetch(`${app.url}/`)).status, 200);
      // A stranger that keeps its end open must not make us keep ours.
      await until('us to hang up', () => callers.size === 0, 10_000);
    });
  }
});
