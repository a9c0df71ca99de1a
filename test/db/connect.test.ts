/**
 * A database that comes and goes, answers slowly or is far away: who gets a connection, what a failure
 * costs, and what the log says.
 */
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { DatabaseUnavailable } from '../../lib/db/errors.ts';
import type { Database } from '../../lib/db/queries.ts';
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

test('a database that is down is called once for all queries of half a second, which fail alike', async (t) => {
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
  assert.deepEqual(lines.length, 1, 'the log does not repeat a line');
});

test('a database that was closed takes no query any more', async (t) => {
  const { url, calls } = await rudeServer(t);
  const database = openAt(t, url);
  await database.close();
  await assert.rejects(database.select('SELECT 1', []), DatabaseUnavailable);
  await assert.rejects(database.insert(INSERT, ['a', 'b', 'c']), /closed/);
  assert.equal(calls(), 0);
});

/** A port whose server takes connections and says nothing. */
async function silentServer(t: TestContext): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number }; // it listens on a port
  return new URL(`mysql://user@127.0.0.1:${port}/ajax`);
}

test('256 queries wait for a connection, for 1.5 s; the next one is refused at once', async (t) => {
  const lines: string[] = [];
  const database = openAt(t, await silentServer(t), lines);
  const begin = performance.now();
  let isOver = false;
  const all = ask(database, 256).finally(() => {
    isOver = true;
  });
  await assert.rejects(database.select('SELECT 1', []), /256 queries wait already/);
  assert.equal(isOver, false);
  assert.deepEqual(new Set(await all), new Set(['Error: no answer in time']));
  assert.ok(performance.now() - begin >= 1400);
  assert.equal(lines.length, 1, 'the log has a line although the server is still awaited');
});

describe('a database that answers', { skip: noDatabaseProgram }, () => {
  test('has a line in the log when it goes, and one when it is back', async (t) => {
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
    const lock = 'database not available: Lock wait timeout exceeded; try restarting transaction';
    const again = 'database answers again';
    assert.deepEqual(lines.slice(3), [lock, again, lock, again]);
  });

  test('loses by a slow statement that one connection, and no other', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const lines: string[] = [];
    const database = openAt(t, server.url(), lines);
    await untilAnswered(database);
    await ask(database, 20);
    const ids = async () =>
      (await server.sql('SHOW PROCESSLIST'))
        .filter((row) => row.db === 'ajax' && row.Command === 'Sleep')
        .map((row) => row.Id);
    const before = await ids();
    assert.ok(before.length > 1);
    await assert.rejects(database.select('SELECT SLEEP(60)', []), DatabaseUnavailable);
    assert.deepEqual(await ask(database, 1), ['answered']);
    // The server may still list one that has just answered as busy.
    await until('all but one to be there', async () => {
      const kept = (await ids()).filter((id) => before.includes(id));
      return kept.length === before.length - 1;
    });
    assert.equal(lines.filter((line) => line.startsWith('database ready')).length, 1);
  });

  test('repeats a statement that was rolled back in favour of another', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const database = openAt(t, server.url());
    await untilAnswered(database);
    await database.update(
      "INSERT INTO users (uname, upwd, nickname) VALUES ('a', '0', 'x'), ('b', '0', 'x')",
      [],
    );
    async function rollBack(): Promise<number> {
      const holder = await server.connect();
      // InnoDB rolls back the transaction that has changed less.
      await holder.query("USE ajax; BEGIN; UPDATE terms SET text_en = 'x'");
      await holder.query("UPDATE users SET upwd = '1' WHERE uname = 'b'");
      // It has the first row, and waits for the second.
      const sql = "UPDATE users SET upwd = upwd + 1 WHERE uname IN ('a', 'b') ORDER BY uname";
      const changing = database.update(sql, []);
      await until('the wait', async () => {
        const rows = await server.sql('SELECT * FROM information_schema.INNODB_TRX');
        return rows.some((row) => (row.trx_state ?? row.TRX_STATE) === 'LOCK WAIT');
      });
      await holder.query("UPDATE users SET upwd = '1' WHERE uname = 'a'; COMMIT");
      return changing;
    }
    for (let tries = 1; ; tries += 1) {
      const result = await rollBack().catch((error) => String(error));
      // A busy machine may let the lock's own timeout of 1 s come first.
      if (tries < 5 && /Lock wait timeout/.test(String(result))) continue;
      assert.equal(result, 2);
      break;
    }
    const rows = await server.sql("SELECT upwd FROM ajax.users WHERE uname IN ('a', 'b')");
    assert.deepEqual(
      rows.map((row) => row.upwd),
      ['2', '2'],
    );
  });

  test('takes an INSERT on a connection that was cut while it was idle', async (t) => {
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

describe('a database', { skip: noDatabaseProgram, concurrency: 5 }, () => {
  for (const distanceMs of [50, 100, 200, 400]) {
    test(`that is ${distanceMs} ms away is reached, and then answers every request`, async (t) => {
      const server = await tcpServer(t);
      await server.start();
      await untilAnswered(openAt(t, server.url())); // the tables are there, as a rule
      const proxy = await faultProxy(t, server.port);
      proxy.distanceMs = distanceMs;
      const url = server.url();
      url.port = String(proxy.port);
      const lines: string[] = [];
      const database = openAt(t, url, lines);
      const begin = performance.now();
      const first = await ask(database, 1);
      await untilAnswered(database);
      const startMs = performance.now() - begin;
      t.diagnostic(`ready after ${Math.round(startMs)} ms`);
      assert.ok(startMs < 20_000, `${startMs} ms`); // at 400 ms 5.3 s, with the processor to itself
      const answers: string[] = [];
      for (let count = 0; count < 40; count += 1) answers.push(...(await ask(database, 1)));
      assert.deepEqual(new Set(answers), new Set(['answered']));
      const refusals = lines.filter((line) => line.startsWith('database not')).length;
      assert.ok(first[0] === 'answered' || refusals > 0, 'the log says that requests are refused');
      assert.ok(refusals <= 2, lines.join());
      assert.equal(lines.filter((line) => line.startsWith('database ready')).length, 1);
    });
  }

  test('that looks up the client’s name before it answers is waited for', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const proxy = await faultProxy(t, server.port);
    const url = server.url();
    url.port = String(proxy.port);
    const release = proxy.holdNew();
    const database = openAt(t, url);
    const given = await ask(database, 20);
    assert.deepEqual(new Set(given), new Set(['Error: no answer in time']));
    await new Promise((resolve) => setTimeout(resolve, 500)); // 2 s in all
    release();
    await untilAnswered(database);
    assert.ok(proxy.total() <= 11, 'the first connection was not given up');
    const all = await ask(database, 30);
    assert.deepEqual(new Set(all), new Set(['answered']), 'each late connection is free again');
  });

  for (const names of ['gbk', 'latin1']) {
    test(`whose init_connect sets ${names} stores every letter`, async (t) => {
      const server = await tcpServer(t, [`--init-connect=SET NAMES ${names}`]);
      await server.start();
      await server.sql(`CREATE DATABASE ajax; CREATE USER 'plain'@'%' IDENTIFIED BY 'plain';
        GRANT ALL ON ajax.* TO 'plain'@'%'`); // init_connect passes over administrators
      const database = openAt(t, server.url('ajax', 'plain', 'plain'));
      await untilAnswered(database);
      const nickname = '数据 é 😀';
      assert.ok(await database.insert(INSERT, ['newcomer', '!', nickname]));
      const rows = await database.select('SELECT nickname FROM users WHERE uname = ?', [
        'newcomer',
      ]);
      assert.deepEqual(rows, [{ nickname }]);
      const hex = "SELECT HEX(nickname) AS hex FROM ajax.users WHERE uname = 'newcomer'";
      const expected = Buffer.from(nickname).toString('hex').toUpperCase();
      assert.deepEqual(await server.sql(hex), [{ hex: expected }]);
    });
  }

  test('that grants a right while we are connected is seen to have granted it', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    await untilAnswered(openAt(t, server.url()));
    await server.sql(`CREATE USER 'limited'@'%' IDENTIFIED BY 'limited';
      GRANT SELECT ON ajax.* TO 'limited'@'%'`);
    const database = openAt(t, server.url('ajax', 'limited', 'limited'));
    await untilAnswered(database);
    await ask(database, 20); // several connections
    const insert = () => database.insert(INSERT, ['newcomer', '!', 'x']);
    await assert.rejects(insert(), DatabaseUnavailable);
    await server.sql("GRANT INSERT ON ajax.* TO 'limited'@'%'");
    await until('the right', () => insert().then(Boolean, () => false));
  });

  test('with a table of another program is not used, and the line names the table', async (t) => {
    const server = await tcpServer(t);
    await server.start();
    const cases: [name: string, table: string, line: RegExp][] = [
      [
        'homework',
        'users (id INT PRIMARY KEY, uname VARCHAR(30), upwd VARCHAR(30), nickname VARCHAR(30))',
        /: the table users has no column created_at, so it is another program's; name another/,
      ],
      [
        'express',
        'sessions (session_id VARCHAR(128) PRIMARY KEY, expires INT, data MEDIUMTEXT)',
        /: the table sessions has no column \w+, so it is another/,
      ],
    ];
    for (const [name, table, line] of cases) {
      await server.sql(`CREATE DATABASE ${name}; CREATE TABLE ${name}.${table}`);
      const lines: string[] = [];
      const database = openAt(t, server.url(name), lines);
      for (let count = 0; count < 3; count += 1) {
        await assert.rejects(database.select('SELECT 1', []), DatabaseUnavailable);
      }
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', line);
      const found = await server.sql(`SHOW TABLES FROM ${name}`);
      assert.equal(found.length, 1, 'nothing was created beside it');
    }
  });
});
