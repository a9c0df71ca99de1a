import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createPool, type Pool } from 'mysql2/promise';
import { DatabaseUnavailable, DUPLICATE, errnoOf, isLost, translate } from '../../lib/db/errors.ts';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { tcpServer } from '../support/fault-database.ts';
import { untilAnswered } from '../support/fault-private.ts';

/** What a promise throws. */
function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function mysqlError(fields: object): Error {
  return Object.assign(new Error('said by the server'), { sqlState: 'HY000', ...fields });
}

describe('mysql2’s traps', { skip: noDatabaseProgram, concurrency: 2 }, () => {
  async function pool(t: TestContext): Promise<Pool> {
    const server = await tcpServer(t);
    await server.start();
    const url = server.url('mysql');
    const made = createPool({ uri: url.href, connectionLimit: 1, queueLimit: 1 });
    atEnd(t, () => made.end().catch(() => {}));
    return made;
  }

  test('a full queue and a closed pool have no code, and mean: not available', async (t) => {
    const small = await pool(t);
    const held = await small.getConnection();
    const waiting = small.getConnection();
    const full = await thrownBy(small.getConnection());
    assert.equal(String(full), 'Error: Queue limit reached.');
    held.release();
    (await waiting).release();
    await small.end();
    const closed = await thrownBy(small.getConnection());
    assert.equal(String(closed), 'Error: Pool is closed.');
    for (const error of [full, closed]) assert.ok(translate(error) instanceof DatabaseUnavailable);
  });

  test('max_statement_time has an errno and no code, and means: not available', async () => {
    const database = await testDatabase();
    const slow = 'SET STATEMENT max_statement_time = 0.05 FOR SELECT SLEEP(1)';
    const error = await thrownBy(database.select(slow, []));
    assert.ok(error instanceof DatabaseUnavailable, String(error));
    assert.equal((error.cause as { errno?: number }).errno, 1969); // mysql2's own error
    assert.equal((await database.select('SELECT 1', [])).length, 1);
  });

  test('SQL of ours that is wrong is a fault of ours, and costs no connection', async () => {
    const database = await testDatabase();
    const id = async () => (await database.select('SELECT CONNECTION_ID() AS id', []))[0]?.id;
    const before = await id();
    const error = await thrownBy(database.select('SELEKT 1', []));
    assert.ok(error instanceof Error && !(error instanceof DatabaseUnavailable));
    assert.equal(await id(), before);
  });

  test('a name that reads as a number finds no name that is a text', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    for (const name of ['000', '0x0', '1e5']) {
      const response = await fetch(`${url}/check-uname?uname=${name}`);
      assert.deepEqual(await response.json(), { uname: name, exists: false });
    }
  });

  test('a query that is too slow is given up in time, and its connection with it', async () => {
    const database = await testDatabase();
    const error = await thrownBy(database.select('SELECT SLEEP(60)', []));
    assert.ok(error instanceof DatabaseUnavailable, String(error));
    await untilAnswered(database);
    const rows = await database.select('SHOW PROCESSLIST', []);
    assert.ok(rows.length > 0, 'the next query is answered');
  });
});

const cases: [what: string, error: unknown, is: { down: boolean; lost: boolean }][] = [
  ['a duplicate', mysqlError({ errno: 1062, sqlState: '23000' }), { down: false, lost: false }],
  ['a syntax error', mysqlError({ errno: 1064, sqlState: '42000' }), { down: false, lost: false }],
  ['a lock not had', mysqlError({ errno: 1205 }), { down: true, lost: false }],
  [
    'a table that is gone',
    mysqlError({ errno: 1146, sqlState: '42S02' }),
    { down: true, lost: true },
  ],
  ['a server that is read-only', mysqlError({ errno: 1290 }), { down: true, lost: true }],
  ['a server shutting down', mysqlError({ errno: 1053 }), { down: true, lost: true }],
  ['a fatal answer', mysqlError({ errno: 1062, fatal: true }), { down: true, lost: true }],
  ['a lost connection', new Error('PROTOCOL_CONNECTION_LOST'), { down: true, lost: true }],
  ['a call that is wrong', new TypeError('Bind parameters'), { down: false, lost: false }],
  ['no error at all', 'thrown text', { down: false, lost: false }],
];
for (const [what, error, { down, lost }] of cases) {
  test(`${what} is told from the others`, () => {
    assert.equal(translate(error) instanceof DatabaseUnavailable, down, 'not available');
    assert.equal(isLost(error), lost, 'lost');
    assert.equal(errnoOf(error) === DUPLICATE, what === 'a duplicate');
  });
}
