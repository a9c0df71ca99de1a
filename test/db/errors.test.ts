import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createPool, type Pool } from 'mysql2/promise';
import {
  DatabaseUnavailable,
  isDenied,
  isDuplicate,
  isReusable,
  isRolledBack,
  isSchemaMissing,
  messageOf,
  toUnavailable,
} from '../../lib/db/errors.ts';
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
    for (const error of [full, closed])
      assert.ok(toUnavailable(error) instanceof DatabaseUnavailable);
  });

  test('max_statement_time has an errno and no code, and means: not available', async (t) => {
    const database = await testDatabase();
    const [row] = await database.select('SELECT VERSION() AS version', []);
    if (!String(row?.version).includes('MariaDB')) return t.skip('MySQL has another setting');
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

interface Kind {
  /** 503 */
  readonly unavailable?: boolean;
  /** The connection serves the next query. */
  readonly reusable?: boolean;
  readonly also?: (error: unknown) => boolean;
}

const failedCommit = { code: 'ER_ERROR_DURING_COMMIT', message: 'Got error 149 during COMMIT' };
const cases: [what: string, error: unknown, is: Kind][] = [
  [
    'a duplicate',
    mysqlError({ code: 'ER_DUP_ENTRY', sqlState: '23000' }),
    { reusable: true, also: isDuplicate },
  ],
  ['a syntax error', mysqlError({ code: 'ER_PARSE_ERROR', sqlState: '42000' }), { reusable: true }],
  [
    'a lock not had',
    mysqlError({ code: 'ER_LOCK_WAIT_TIMEOUT' }),
    { unavailable: true, reusable: true },
  ],
  [
    'a deadlock',
    mysqlError({ code: 'ER_LOCK_DEADLOCK', sqlState: '40001' }),
    { unavailable: true, reusable: true, also: isRolledBack },
  ],
  [
    'a failed certification in a MySQL group',
    mysqlError(failedCommit),
    { unavailable: true, reusable: true, also: isRolledBack },
  ],
  [
    'a table that is gone',
    mysqlError({ code: 'ER_NO_SUCH_TABLE', sqlState: '42S02' }),
    { unavailable: true, also: isSchemaMissing },
  ],
  [
    'a right that is missing',
    mysqlError({ code: 'ER_TABLEACCESS_DENIED_ERROR', sqlState: '42000' }),
    { unavailable: true, also: isDenied },
  ],
  [
    'a quota that is used up',
    mysqlError({ code: 'ER_USER_LIMIT_REACHED', sqlState: '42000' }),
    { unavailable: true },
  ],
  [
    'a server that is read-only',
    mysqlError({ code: 'ER_OPTION_PREVENTS_STATEMENT' }),
    { unavailable: true },
  ],
  [
    'a server shutting down',
    mysqlError({ code: 'ER_SERVER_SHUTDOWN', sqlState: '08S01' }),
    { unavailable: true },
  ],
  [
    'a fatal answer',
    mysqlError({ code: 'ER_DUP_ENTRY', sqlState: '23000', fatal: true }),
    { unavailable: true },
  ],
  ['a lost connection', new Error('PROTOCOL_CONNECTION_LOST'), { unavailable: true }],
  ['a call that is wrong', new TypeError('Bind parameters'), {}],
];
for (const [what, error, { unavailable = false, reusable = false, also }] of cases) {
  test(`${what} is told from the others`, () => {
    assert.equal(toUnavailable(error) instanceof DatabaseUnavailable, unavailable, 'unavailable');
    assert.equal(isReusable(error), reusable, 'reusable');
    for (const kind of [isDuplicate, isRolledBack, isSchemaMissing, isDenied]) {
      assert.equal(kind(error), kind === also, kind.name);
    }
  });
}

test('of two addresses that refused, both are named', () => {
  const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
  const both = new AggregateError([refused('::1:3306'), refused('127.0.0.1:3306')]);
  const words = 'connect ECONNREFUSED ::1:3306; connect ECONNREFUSED 127.0.0.1:3306';
  assert.equal(messageOf(both), words);
});
