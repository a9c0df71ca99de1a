/**
 * Queries with a timeout, after which their connection is destroyed, so that nothing given up is sent
 * later. By itself mysql2 would wait for ever.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { TimeoutError, withTimeout } from '../semaphore.ts';
import { type ConnectOptions, createConnector } from './connect.ts';
import { isDuplicate, isReusable, isRolledBack, isSchemaMissing, toUnavailable } from './errors.ts';

/** A row of a result: column → value. */
export type Row = Readonly<Record<string, unknown>>;

export type Database = ReturnType<typeof openDatabase>;

/** From the statement's first packet to the result. */
const QUERY_TIMEOUT_MS = 1500;

/** What the current request has asked, and how many rows that met; only with LAB on. */
export const statements = new AsyncLocalStorage<string[] | undefined>();
const note = (sql: string, outcome: string) => statements.getStore()?.push(`${sql} -- ${outcome}`);

type Result = RowDataPacket[] | ResultSetHeader;
type Work<T> = (connection: PoolConnection) => Promise<T>;
type ShouldRetry = (error: unknown, attempts: number) => boolean;

/**
 * Returns at once; the first query connects. Each throws DatabaseUnavailable when it gets no connection
 * in 1.5 s, or no result in 1.5 s more. Values are text: MySQL compares a number with text as numbers.
 */
export function openDatabase(options: ConnectOptions) {
  const connector = createConnector(options);

  async function attempt<T>(work: Work<T>): Promise<T> {
    const connection = await connector.acquire();
    try {
      const result = await withTimeout(work(connection), QUERY_TIMEOUT_MS);
      connection.release();
      return result;
    } catch (error) {
      if (isReusable(error)) connection.release();
      else connection.destroy();
      if (isSchemaMissing(error)) connector.invalidate(connection);
      throw error;
    }
  }

  async function run<T extends Result>(sql: string, work: Work<T>, shouldRetry: ShouldRetry) {
    const deadline = performance.now() + QUERY_TIMEOUT_MS;
    for (let attempts = 1; ; attempts += 1) {
      try {
        const result = await attempt(work);
        connector.onResult();
        note(sql, `rows: ${Array.isArray(result) ? result.length : result.affectedRows}`);
        return result;
      } catch (error) {
        if (shouldRetry(error, attempts) && performance.now() < deadline) continue;
        const failure = toUnavailable(error);
        connector.onResult(failure);
        throw failure;
      }
    }
  }

  return {
    /** Reads. Retried once on another connection when the first turns out to be dead. */
    async select(sql: string, values: readonly string[]): Promise<readonly Row[]> {
      const work: Work<RowDataPacket[]> = async (connection) =>
        (await connection.execute<RowDataPacket[]>(sql, [...values]))[0];
      const isDead = (error: unknown) => !isReusable(error) && !(error instanceof TimeoutError);
      return run(sql, work, (error, attempts) => attempts === 1 && isDead(error));
    },

    /** Stores a row; never sent twice. @returns its id; `undefined` if a unique key refused it */
    async insert(sql: string, values: readonly string[]): Promise<number | undefined> {
      try {
        return (await write(sql, values, (connection) => connection.ping())).insertId;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        note(sql, 'duplicate key');
        return undefined;
      }
    },

    /** Sends one statement, again only if it was rolled back. @returns how many rows matched */
    async update(sql: string, values: readonly string[]): Promise<number> {
      return (await write(sql, values, async () => {})).affectedRows;
    },

    /** The database's own time, as SQL: ms since 1970. */
    now: () => `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)`,

    close: connector.close,
  };

  /** @param probe finds out whether the connection is alive, before the statement is sent */
  function write(sql: string, values: readonly string[], probe: Work<void>) {
    let isSent = false;
    const work: Work<ResultSetHeader> = async (connection) => {
      await probe(connection);
      isSent = true;
      return (await connection.execute<ResultSetHeader>(sql, [...values]))[0];
    };
    return run(sql, work, (error, attempts) => {
      const isUnsent = !isSent && !isReusable(error) && !(error instanceof TimeoutError);
      return isRolledBack(error) || (isUnsent && attempts === 1);
    });
  }
}
