/**
 * The one place that decides what «the database is not available» means. mysql2, MySQL and MariaDB
 * say it in many ways, some without a code (`Queue limit reached.`, `Pool is closed.`), so the
 * question is put the other way round: a failure counts as ours only if the database answered and
 * did not like our SQL.
 */
import { Overdue } from '../wait.ts';

/**
 * The database cannot answer now; the same request may succeed later. Nothing is known to be
 * stored.
 */
export class DatabaseUnavailable extends Error {}

interface MysqlError extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
  fatal?: boolean;
}

/** errno of a second row for a unique key. */
const DUPLICATE = 1062;

/** Nothing of ours is there: the database was emptied, or another took its place. */
const UNPREPARED: ReadonlySet<number> = new Set([
  1046, // no database selected
  1049, // no such database
  1146, // no such table
]);

/** The server answered, and the connection is good for nothing more. */
const SPENT: ReadonlySet<number> = new Set([
  1053, // shutting down
  1243, // forgot our prepared statements
  1290, // read-only: after a failover, another server is the one to ask
  1615, // cannot prepare them again
  1792, // read-only
  1836, // read-only
  1927, // connection killed, MariaDB
  4031, // idle for too long, MySQL
]);

/** Of a denied right: to the database, to a table, to a column, to a command. */
const DENIED: ReadonlySet<number> = new Set([1044, 1142, 1143, 1227]);

/** What a server answers that is in trouble itself, by errno. */
const IN_TROUBLE: ReadonlySet<number> = new Set([
  ...UNPREPARED,
  ...SPENT,
  ...DENIED,
  3, // cannot write a file
  1021, // disk full
  1026, // cannot write a file
  1030, // the storage engine's error
  1036, // the table is read-only
  1037, // out of memory
  1040, // too many connections
  1041, // out of memory
  1045, // wrong user or password
  1047, // a cluster's node that is not ready
  1114, // table full
  1129, // host blocked
  1130, // host not allowed
  1203, // the user has too many connections
  1205, // waited too long for a lock
  1213, // deadlock
  1226, // the user's quota is used up
  1317, // query killed
  1461, // too many prepared statements
  1698, // access denied, socket authentication
  1969, // max_statement_time, MariaDB; it comes without a code
  3024, // max_execution_time, MySQL
]);

/** Whether the unique key refused a row. */
export function isDuplicate(error: unknown): boolean {
  return isAnswer(error) && error.errno === DUPLICATE;
}

/** Whether the database that the address names does not exist yet. */
export function isMissingDatabase(error: unknown): boolean {
  return isAnswer(error) && error.errno === 1049;
}

/** Whether our user may not do this. */
export function isDenied(error: unknown): boolean {
  return isAnswer(error) && DENIED.has(error.errno ?? 0);
}

/** Whether somebody else held what was needed, for too long. */
export function isLocked(error: unknown): boolean {
  return isAnswer(error) && error.errno === 1205;
}

/** Whether the connection is good for more: the server has answered, if only with a refusal. */
export function isReusable(error: unknown): boolean {
  return isAnswer(error) && !SPENT.has(error.errno ?? 0);
}

/**
 * Whether the connection, or what we had prepared, is gone, so that the next attempt starts from
 * scratch.
 */
export function isLost(error: unknown): boolean {
  if (!isFailure(error) || error instanceof Overdue) return false;
  return !isReusable(error) || UNPREPARED.has(error.errno ?? 0);
}

/**
 * Turns what a driver throws into `DatabaseUnavailable` where it is that, and leaves the rest
 * alone.
 */
export function translate(error: unknown): unknown {
  if (!isFailure(error)) return error;
  if (isAnswer(error) && !IN_TROUBLE.has(error.errno ?? 0)) return error;
  return new DatabaseUnavailable(error.message || String(error.code), { cause: error });
}

function isAnswer(error: unknown): error is MysqlError {
  return isFailure(error) && error.sqlState !== undefined && error.fatal !== true;
}

/**
 * An error of the driver or of the server. A call that mysql2 itself refuses is a mistake of ours.
 */
function isFailure(error: unknown): error is MysqlError {
  if (error instanceof TypeError || error instanceof DatabaseUnavailable) return false;
  return error instanceof Error;
}
