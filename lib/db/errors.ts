/**
 * The one place that decides what «the database is not available» means. mysql2, MySQL and MariaDB
 * say it in many ways, some without a code (`Queue limit reached.`, `Pool is closed.`), so the
 * question is put the other way round: a failure counts as ours only if the database answered and
 * did not like our SQL, which its SQLSTATE tells.
 */
import type { QueryError } from 'mysql2';
import { Overdue } from '../semaphore.ts';

/**
 * The database cannot answer now; the same request may succeed later. Nothing is known to be
 * stored.
 */
export class DatabaseUnavailable extends Error {}

/** A unique key refused the row. */
export const DUPLICATE = 1062;
/** The database that the address names does not exist yet. */
export const NO_DATABASE = 1049;
/** There is no such table. */
export const NO_TABLE = 1146;
/** Two got in each other's way, on one node or on two of a cluster: this statement is undone. */
const DEADLOCK = 1213;
/** The same between the nodes of a MySQL group. */
const UNDONE_BY_GROUP = 3101;
/** Somebody else held what was needed, for too long. */
const LOCKED = 1205;

/** SQLSTATE's classes of SQL that is wrong: count of columns, data, constraint, syntax. */
const OURS = /^(?:21|22|23|42)/;

/** Nothing of ours is there: the database was emptied, or another took its place. */
const UNPREPARED: ReadonlySet<number | undefined> = new Set([1046, NO_DATABASE, NO_TABLE]);

/** Of a denied right: to the database, to a table, to a column, to a command. */
const DENIED: ReadonlySet<number | undefined> = new Set([1044, 1142, 1143, 1227]);

/** What else has SQLSTATE 42 and is no fault of our SQL: a user's, or the server's quota is used up. */
const USED_UP: ReadonlySet<number | undefined> = new Set([1203, 1226, 1461]);

/** The server answered, and the connection is good for nothing more. */
const SPENT: ReadonlySet<number | undefined> = new Set([
  1047, // a cluster's node that is cut off from the others
  1053, // shutting down
  1243, // forgot our prepared statements
  1290, // read-only: after a failover, another server is the one to ask
  1615, // cannot prepare them again
  1792, // read-only
  1836, // read-only
  1927, // connection killed, MariaDB
  4031, // idle for too long, MySQL
]);

/** What the server answered, as errno; `undefined` when it did not answer. */
export function errnoOf(error: unknown): number | undefined {
  return isAnswer(error) ? error.errno : undefined;
}

/** Whether our user may not do this. */
export function isDenied(error: unknown): error is Error {
  return DENIED.has(errnoOf(error));
}

/** Whether the statement is undone, because another got in its way: it may be sent again. */
export function isUndone(error: unknown): boolean {
  return [DEADLOCK, UNDONE_BY_GROUP].includes(errnoOf(error) ?? 0);
}

/** Whether somebody else was at work on the same. */
export function isContended(error: unknown): boolean {
  return isUndone(error) || errnoOf(error) === LOCKED;
}

/**
 * Whether the connection, or what we had prepared, is gone, so that the next attempt starts from
 * scratch.
 */
export function isLost(error: unknown): boolean {
  if (!isFailure(error) || error instanceof Overdue) return false;
  return !isAnswer(error) || SPENT.has(error.errno) || UNPREPARED.has(error.errno);
}

/** Turns what a driver throws into `DatabaseUnavailable` where it is that; the rest stays. */
export function translate(error: unknown): unknown {
  if (!isFailure(error)) return error;
  const isElse = [UNPREPARED, DENIED, USED_UP].some((errnos) => errnos.has(error.errno));
  if (isAnswer(error) && OURS.test(error.sqlState) && !isElse) return error;
  return new DatabaseUnavailable(error.message || String(error.code), { cause: error });
}

/** What the server says has a `sqlState`. */
function isAnswer(error: unknown): error is QueryError & { sqlState: string } {
  return isFailure(error) && error.sqlState !== undefined && error.fatal !== true;
}

// A call that mysql2 itself refuses is a mistake of ours.
function isFailure(error: unknown): error is QueryError {
  if (error instanceof TypeError || error instanceof DatabaseUnavailable) return false;
  return error instanceof Error;
}
