/**
 * Queries with an end. Each has a deadline from the call to the answer, only so many run at once,
 * and the queue behind them is bounded; by itself mysql2 would wait for ever. Where the database
 * is, and that it may go and come back, is the business of `database.ts`.
 */
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { createGate, Overdue, within } from '../semaphore.ts';
import { DUPLICATE, errnoOf, isLost, isUndone, translate } from './errors.ts';

/** A row of a result: column → value. */
export type Row = Readonly<Record<string, unknown>>;

/** Where the connections come from, and who is told how it went. */
export interface Source {
  /** Waits while the database is being made for the first time. */
  made(): Promise<void>;
  /** The pool of a database that is ready; it may take its time. */
  pool(): Promise<Pool>;
  /** That pool has lost its database: the next query is for another pool. */
  lost(pool: Pool): void;
  /** A query has ended: well, unless there is a failure. */
  ended(failure?: unknown): void;
  /** Lets go of all connections, and stops what was started; within `ms`, or 5 s if left out. */
  close(ms?: number): Promise<void>;
}

/** How many connections there are at most. */
export const CONNECTIONS = 10;
/** From the call to the answer, in ms. */
export const TOTAL_MS = 1500;
const GATE = { slots: CONNECTIONS, queue: 256, waitMs: 900 };

type Work<T> = (connection: PoolConnection) => Promise<T>;
type MayRepeat = (error: unknown, tries: number) => boolean;

/** The database, as everybody else sees it. */
export type Database = ReturnType<typeof createQueries>;

/**
 * Makes the queries. Each throws DatabaseUnavailable within 1.5 s. Values are texts: MySQL compares
 * a number with a text as numbers, and finds too much.
 */
export function createQueries(source: Source) {
  const gate = createGate(GATE);

  async function attempt<T>(work: Work<T>, left: () => number): Promise<T> {
    const pool = await within(source.pool(), left());
    let connection: PoolConnection | undefined;
    try {
      const coming = pool.getConnection();
      // When nobody waits for it any more. A failure was told as «too late».
      const tooLate = () => void coming.then((late) => late.release()).catch(() => {});
      connection = await within(coming, left(), tooLate);
      return await within(work(connection), left());
    } catch (error) {
      // What was given up is not sent any more; a connection is closed with all others of its pool.
      if (error instanceof Overdue) connection?.destroy();
      if (isLost(error) || error instanceof Overdue) source.lost(pool);
      throw error;
    } finally {
      connection?.release();
    }
  }

  async function query<T>(work: Work<T>, mayRepeat: MayRepeat): Promise<T> {
    await source.made();
    const deadline = performance.now() + TOTAL_MS;
    const left = () => Math.max(1, deadline - performance.now());
    const attempts = (tries: number): Promise<T> =>
      attempt(work, left).catch((error) => {
        if (mayRepeat(error, tries) && left() > 1) return attempts(tries + 1);
        throw error;
      });
    try {
      const result = await gate.run(() => attempts(1));
      source.ended();
      return result;
    } catch (error) {
      const failure = translate(error);
      source.ended(failure);
      throw failure;
    }
  }

  /** @param first asked before the statement is sent, on the same connection */
  function write(sql: string, values: readonly string[], first: Work<void>) {
    let isSent = false;
    const work: Work<ResultSetHeader> = async (connection) => {
      await first(connection);
      isSent = true;
      return (await connection.execute<ResultSetHeader>(sql, [...values]))[0];
    };
    const mayRepeat: MayRepeat = (error, tries) =>
      isUndone(error) || (isLost(error) && !isSent && tries === 1);
    return query(work, mayRepeat);
  }

  return {
    /** Reads. Tried a second time when the connection turns out to be dead. */
    async select(sql: string, values: readonly string[]): Promise<readonly Row[]> {
      const work: Work<[RowDataPacket[], unknown]> = (connection) =>
        connection.execute(sql, [...values]);
      return (await query(work, (error, tries) => isLost(error) && tries === 1))[0];
    },

    /**
     * Stores a row; never tried twice, as it is not known after a failure whether it was stored.
     * @returns the new row's id; `undefined` when a unique key refused the row
     */
    async insert(sql: string, values: readonly string[]): Promise<number | undefined> {
      try {
        // Finds out, by a harmless question, whether the connection is still alive.
        return (await write(sql, values, (connection) => connection.ping())).insertId;
      } catch (error) {
        if (errnoOf(error) === DUPLICATE) return undefined;
        throw error;
      }
    },

    /**
     * Changes rows by one statement, which commits by itself. Tried again only if it was undone,
     * because another got in its way.
     * @returns how many rows it met, also those that were like that already
     */
    async update(sql: string, values: readonly string[]): Promise<number> {
      return (await write(sql, values, async () => {})).affectedRows;
    },

    /** The database's own time, as SQL: ms since 1970. */
    now: () => `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)`,

    close: source.close,
  };
}
