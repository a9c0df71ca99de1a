/**
 * A database that comes and goes: who asks for it, how often, and what whoever runs the server
 * reads.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, mock, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { DatabaseUnavailable } from '../../lib/db/errors.ts';
import { createQueries, type Database } from '../../lib/db/queries.ts';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { openAt, tcpServer } from '../support/fault-database.ts';
import { untilAnswered } from '../support/fault-private.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { until } from '../support/process.ts';

const INSERT = 'INSERT INTO users (uname, upwd, nickname) VALUES (?, ?, ?)';

/** A port whose server hangs up at once, and how often it has been called. */
async function rudeServer(t: TestContext): Promise<{ url: URL; calls: () => number }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => server.close());
  const { port } = server.address() as { port: number }; // it listens on a port
  return { url: new URL(`mysql://user@127.0.0.1:${port}/ajax`), calls: () => calls };
}

/** So many queries at once, by how they end. */
async function ask(database: Database, count: number): Promise<string[]> {
  const queries = Array.from({ length: count }, () => database.select('SELECT 1', []));
  return (await Promise.allSettled(queries)).map((result) =>
    'reason' in result ? String(result.reason) : 'answered',
  );
}

test('a database that is down is asked by one for all, who are told the same, until a moment has passed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { url, calls } = await rudeServer(t);
  const lines: string[] = [];
  const database = openAt(t, url, lines);
  const answers = await ask(database, 20);
  t.mock.timers.tick(499);
  answers.push(...(await ask(database, 20)));
  assert.equal(calls(), 1);
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
  t.mock.timers.tick(1);
  await ask(database, 1);
  assert.equal(calls(), 2);
  assert.deepEqual(lines.length, 1, 'the same is not said again');
});

test('a database that was closed takes no query any more', async (t) => {
  const { url, calls } = await rudeServer(t);
  const database = openAt(t, url);
  await database.close();
  await assert.rejects(database.select('SELECT 1', []), DatabaseUnavailable);
  await assert.rejects(database.insert(INSERT, ['a', 'b', 'c']), /closed/);
  assert.equal(calls(), 0);
});

const never = new Promise<never>(() => {});
/** Where a database is that never gets ready. */
const none = {
  made: async () => {},
  pool: () => never,
  lost() {},
  ended() {},
  close: () => never,
};

test('behind ten queries at most 256 wait; whoever comes then is refused at once', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const database = createQueries(none);
    const all = ask(database, 10 + 256);
    await assert.rejects(database.select('SELECT 1', []), /256 are waiting already/);
    mock.timers.tick(1500);
    await all;
  } finally {
    mock.timers.reset();
  }
});

test('a query waits 1.5 s for a database, and not longer', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    let isOver = false;
    const query = createQueries(none).select('SELECT 1', []);
    const over = query.catch((error) => {
      isOver = true;
      return error;
    });
    await turn();
    mock.timers.tick(1400);
    await turn();
    assert.equal(isOver, false);
    mock.timers.tick(100);
    assert.ok((await over) instanceof DatabaseUnavailable);
  } finally {
    mock.timers.reset();
  }
});

describe('whoever runs the server', { skip: noDatabaseProgram }, () => {
  test('reads one line when the database goes, one when it is back, and few of single failures', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const proxy = await faultProxy(t, server.port);
    const url = server.url();
    url.port = String(proxy.port);
    const lines: string[] = [];
    const database = openAt(t, url, lines);
    const ready = `database ready (127.0.0.1:${proxy.port}/ajax)`;
    const down = `database not available: connect ECONNREFUSED 127.0.0.1:${proxy.port}`;

    await untilAnswered(database);
    assert.deepEqual(new Set(await ask(database, 20)), new Set(['answered']));
    assert.deepEqual(lines, [ready]);
    proxy.refuse();
    await until('the loss', async () =>
      (await ask(database, 5)).every((how) => how !== 'answered'),
    );
    await ask(database, 5);
    await proxy.accept();
    await untilAnswered(database);
    assert.deepEqual(lines, [ready, down, ready]);

    const holder = await server.connect();
    await holder.query(
      "BEGIN; INSERT INTO ajax.users (uname, upwd, nickname) VALUES ('a', '!', 'x')",
    );
    for (let turn = 0; turn < 2; turn += 1) {
      await assert.rejects(database.insert(INSERT, ['a', '!', 'x']), DatabaseUnavailable);
      assert.deepEqual(await ask(database, 1), ['answered']);
    }
    const lock = 'Lock wait timeout exceeded; try restarting transaction';
    assert.deepEqual(lines.slice(3), [`database not available: ${lock}`, 'database answers again']);
  });

  test('that had one query too slow keeps none of the connections of before', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const database = openAt(t, server.url());
    await untilAnswered(database);
    await ask(database, 20);
    const count = async () =>
      (await server.sql('SHOW PROCESSLIST')).filter((row) => row.db === 'ajax').length;
    assert.ok((await count()) > 1);
    await assert.rejects(database.select('SELECT SLEEP(60)', []), DatabaseUnavailable);
    await until('the others to end', async () => (await count()) <= 1);
  });

  test('whose statement was undone, because another got in its way, has it done again', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const database = openAt(t, server.url());
    await untilAnswered(database);
    await database.update("UPDATE leases SET name = 'b'", []);
    await database.update("INSERT INTO leases VALUES ('a', 0)", []);
    const holder = await server.connect();
    // What has changed more is not what is undone.
    await holder.query("USE ajax; BEGIN; UPDATE terms SET text_en = 'x'");
    await holder.query("UPDATE leases SET until_at = 1 WHERE name = 'b'");
    // It has the first row, and waits for the second.
    const changing = database.update('UPDATE leases SET until_at = until_at + 1 ORDER BY name', []);
    await until('the wait', async () => {
      const rows = await server.sql('SELECT * FROM information_schema.INNODB_TRX');
      return rows.some(({ trx_state: state }) => state === 'LOCK WAIT');
    });
    await holder.query("UPDATE leases SET until_at = 1 WHERE name = 'a'; COMMIT");
    assert.equal(await changing, 2);
    const rows = await server.sql('SELECT until_at FROM ajax.leases');
    assert.deepEqual(
      rows.map((row) => row.until_at),
      [2, 2],
    );
  });

  test('whose connection was cut while nobody used it is none the worse for an INSERT', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const proxy = await faultProxy(t, server.port);
    const url = server.url();
    url.port = String(proxy.port);
    const database = openAt(t, url);
    await untilAnswered(database);
    // The first word on the old connection is its last.
    proxy.onPiece = () => {
      proxy.onPiece = () => 'pass';
      return 'cut';
    };
    assert.ok(await database.insert(INSERT, ['newcomer', '!', 'x']));
    const rows = await server.sql("SELECT id FROM ajax.users WHERE uname = 'newcomer'");
    assert.equal(rows.length, 1);
  });
});
