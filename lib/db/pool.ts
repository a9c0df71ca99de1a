/**
 * Queries with an end. Each has a deadline from the call to the answer, only so many run at once,
 * and the queue behind them is bounded. A connection whose answer comes too late is cut, because
 * its slot would stay taken.
 */
import type { PoolConnection, PoolOptions, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { createGate, Overdue, within } from '../wait.ts';
import { CONNECT_MS, createConnections } from './connections.ts';
import { DatabaseUnavailable, isDuplicate, isLost, isReusable, translate } from './errors.ts';
import { createReadiness } from './readiness.ts';

/** A row of a result: column → value. */
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
  /**
   * Lets go of all connections, and stops what was started.
   * @param ms how long that may take; 5 s if left out
   */
  close(ms?: number): Promise<void>;
}

const CONNECTIONS = 10;
const WAITING = 256;
/** From the call to the answer, in ms; and of that, for a free slot. */
const TOTAL_MS = 1500;
const SLOT_MS = 900;
const CLOSE_MS = 500;

type Work<T> = (connection: PoolConnection) => Promise<T>;
/** How many ms there are left; never less than one. */
type Left = () => number;

/**
 * Makes a database of a pool of connections; nothing is connected before the first query.
 * @param options where the database is and who we are; how long to wait is decided here
 * @param prepare brings the database up; called before the first query, and again after it was lost
 */
export function createPooledDatabase(options: PoolOptions, prepare: () => Promise<void>): Database {
  const connections = createConnections(options, CONNECTIONS);
  const gate = createGate({ slots: CONNECTIONS, queue: WAITING, waitMs: SLOT_MS });
  const readiness = createReadiness(prepare);
  let isClosed = false;

  async function attempt<T>(left: Left, work: Work<T>): Promise<T> {
    if (isClosed) throw new DatabaseUnavailable('the database is closed');
    try {
      await readiness.wait(left());
      return await use(await connections.acquire(Math.min(CONNECT_MS, left())), left, work);
    } catch (error) {
      // A silent database, too, is asked by one connection before everybody may again.
      if (isLost(error) || error instanceof Overdue) readiness.lost();
      throw error;
    }
  }

  async function use<T>(connection: PoolConnection, left: Left, work: Work<T>): Promise<T> {
    try {
      const result = await within(work(connection), left());
      connection.release();
      return result;
    } catch (error) {
      if (isReusable(error)) connection.release();
      else connections.cut(connection);
      throw error;
    }
  }

  /** @param mayRepeat asked when the connection was lost under the work */
  async function query<T>(mayRepeat: () => boolean, work: Work<T>): Promise<T> {
    const deadline = performance.now() + TOTAL_MS;
    const left = () => Math.max(1, deadline - performance.now());
    const repeat = (error: unknown) => {
      if (isLost(error) && mayRepeat() && left() > 1) return attempt(left, work);
      throw error;
    };
    try {
      return await gate.run(() => attempt(left, work).catch(repeat));
    } catch (error) {
      throw translate(error);
    }
  }

  return {
    select: (sql, values) =>
      query(
        () => true,
        async (connection) => {
          const [rows] = await connection.execute<RowDataPacket[]>(sql, [...values]);
          return rows;
        },
      ),

    insert(sql, values) {
      let isSent = false;
      return query(
        () => !isSent,
        async (connection) => {
          // Finds out, by a harmless question, whether the connection is still alive.
          await connection.ping();
          isSent = true;
          try {
            const [result] = await connection.execute<ResultSetHeader>(sql, [...values]);
            return result.insertId;
          } catch (error) {
            if (isDuplicate(error)) return undefined;
            throw error;
          }
        },
      );
    },

    async close() {
      isClosed = true;
      await connections.close(CLOSE_MS);
    },
  };
}
