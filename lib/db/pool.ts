/**
 * Queries with an end. mysql2's pool would wait for ever in four places: for a free connection, for a
 * connection to be made, for an answer, and for the pool to close. Here each wait has a deadline, the queue
 * a bound, and a connection whose answer comes too late is cut, because its slot would stay taken.
 */
import type { Socket } from 'node:net';
import {
  createPool,
  type PoolConnection,
  type PoolOptions,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import { createGate, within } from '../wait.ts';
import { DatabaseUnavailable, isAnswer, isDuplicate, translate } from './errors.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Queries on a database that may come and go. */
export interface Database {
  /**
   * Reads. Tried a second time when the connection turns out to be dead.
   * @param values strings only: MySQL compares a number with a text as numbers, and finds too much
   * @throws DatabaseUnavailable within 1.5 s
   */
  select(sql: string, values: readonly string[]): Promise<readonly Row[]>;
  /**
   * Stores one row, and never tries twice: the first try may have been stored.
   * @returns the new row's id; `undefined` when a unique key refused the row
   * @throws DatabaseUnavailable within 1.5 s; whether the row was stored is then not known
   */
  insert(sql: string, values: readonly string[]): Promise<number | undefined>;
  /** Lets go of all connections, within a second. */
  close(): Promise<void>;
}

const CONNECTIONS = 10;
const WAITING = 256;
/** From the call to the answer, in ms. */
const TOTAL_MS = 1500;
/** Of that, for a free slot; and for a connection to be made. */
const ACQUIRE_MS = 900;
const CLOSE_MS = 1000;
/** Between two tries to bring a database up that is down. */
const RETRY_MS = 500;

// A lock that is not to be had ends on the server, before our own deadline cuts the connection: then it is
// certain that nothing was stored.
const SETTINGS = 'SET SESSION innodb_lock_wait_timeout = 1, SESSION lock_wait_timeout = 1';

type Work<T> = (connection: PoolConnection) => Promise<T>;

/**
 * @param options where the database is and who we are; how long to wait is decided here
 * @param prepare brings the database up; called before the first query, and again after a lost connection
 */
export function createPooledDatabase(options: PoolOptions, prepare: () => Promise<void>): Database {
  const pool = createPool({
    ...options,
    connectionLimit: CONNECTIONS,
    connectTimeout: ACQUIRE_MS,
    keepAliveInitialDelay: 10_000,
    charset: 'utf8mb4',
  });
  const gate = createGate({ slots: CONNECTIONS, queue: WAITING, waitMs: ACQUIRE_MS });
  const open = new Set<Wire>();
  let prepared = Promise.resolve();
  let isPrepared = false;
  /** When to prepare again; never while that is under way, or done. */
  let retryAt = 0;

  // A connection takes commands in order, so the settings are in force before the first query. Its errors
  // are told by the query that meets them; the event alone would end the process.
  pool.pool.on('connection', (connection) => {
    const wire = wireOf(connection);
    open.add(wire);
    wire.stream.once('close', () => open.delete(wire));
    connection.on('error', () => {});
    connection.query(SETTINGS, () => {});
  });

  async function ready(ms: number): Promise<void> {
    if (isPrepared) return;
    // After a failure the next try waits a moment; until then everybody is told the same.
    if (performance.now() >= retryAt) {
      retryAt = Number.POSITIVE_INFINITY;
      prepared = prepare().then(
        () => {
          isPrepared = true;
        },
        (error) => {
          retryAt = performance.now() + RETRY_MS;
          throw error;
        },
      );
    }
    await within(prepared, ms);
  }

  async function acquire(ms: number): Promise<PoolConnection> {
    const coming = pool.getConnection();
    return within(coming, ms, () => {
      // Nobody waits for it any more; a failure was told as «too late».
      coming.then((connection) => connection.release()).catch(() => {});
    });
  }

  async function attempt<T>(deadline: number, work: Work<T>): Promise<T> {
    const left = () => Math.max(1, deadline - performance.now());
    await ready(left());
    const connection = await acquire(Math.min(ACQUIRE_MS, left()));
    try {
      const result = await within(work(connection), left());
      connection.release();
      return result;
    } catch (error) {
      if (isAnswer(error)) connection.release();
      else cut(wireOf(connection.connection));
      throw error;
    }
  }

  async function query<T>(deadline: number, tries: number, work: Work<T>): Promise<T> {
    for (let left = tries; ; left -= 1) {
      try {
        return await gate.run(() => attempt(deadline, work));
      } catch (error) {
        const failure = translate(error);
        const isLost = failure instanceof DatabaseUnavailable && failure.disconnected;
        if (isLost && isPrepared) {
          isPrepared = false;
          retryAt = 0;
        }
        if (!isLost || left === 1 || performance.now() >= deadline) throw failure;
      }
    }
  }

  return {
    select: (sql, values) =>
      query(performance.now() + TOTAL_MS, 2, async (connection) => {
        const [rows] = await connection.execute<RowDataPacket[]>(sql, [...values]);
        return rows;
      }),

    async insert(sql, values) {
      const deadline = performance.now() + TOTAL_MS;
      // Finds out, by a harmless question, whether the connections are still alive.
      await query(deadline, 2, (connection) => connection.ping());
      return query(deadline, 1, async (connection) => {
        try {
          const [result] = await connection.execute<ResultSetHeader>(sql, [...values]);
          return result.insertId;
        } catch (error) {
          if (isDuplicate(error)) return undefined;
          throw error;
        }
      });
    },

    async close() {
      // `pool.end` waits for a farewell that a stopped server never answers.
      await within(pool.end(), CLOSE_MS).catch(() => {});
      for (const wire of open) cut(wire);
    },
  };
}

interface Wire {
  destroy(): void;
  readonly stream: Socket;
}

function wireOf(connection: object): Wire {
  // mysql2's types leave out the connection's socket, which its sources always have.
  return connection as Wire;
}

/** `destroy` alone says goodbye politely, and the socket stays open while a stopped server is silent. */
function cut(wire: Wire): void {
  wire.destroy();
  wire.stream.destroy();
}
