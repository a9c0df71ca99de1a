/**
 * The one place that decides what «the database is not available» means. mysql2, MySQL and MariaDB say it
 * in many ways, some without a code (`Queue limit reached.`, `Pool is closed.`), so the question is put the
 * other way round: a failure counts as ours only if the database answered and did not like our SQL.
 */
import { Overdue } from '../wait.ts';

/** The database cannot answer now; the same request may succeed later. Nothing is known to be stored. */
export class DatabaseUnavailable extends Error {
  /** Whether the connection was lost or never made, so that the next attempt starts from scratch. */
  readonly disconnected: boolean;

  constructor(reason: string, disconnected: boolean, cause?: unknown) {
    super(reason, { cause });
    this.disconnected = disconnected;
  }
}

interface MysqlError extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
  fatal?: boolean;
}

/** errno of a second row for a unique key. */
const DUPLICATE = 1062;

/** What a server answers that is in trouble itself, by errno. */
const IN_TROUBLE: ReadonlySet<number> = new Set([
  1021, // disk full
  1037, // out of memory
  1040, // too many connections
  1041, // out of memory
  1044, // access to the database denied
  1045, // wrong user or password
  1049, // no such database
  1053, // shutting down
  1114, // table full
  1129, // host blocked
  1130, // host not allowed
  1203, // the user has too many connections
  1205, // waited too long for a lock
  1213, // deadlock
  1226, // the user's quota is used up
  1290, // read-only, for one
  1317, // query killed
  1698, // access denied, socket authentication
  1836, // read-only
  1969, // max_statement_time, MariaDB; it comes without a code
  1927, // connection killed
  3024, // max_execution_time, MySQL
]);

/** Whether the unique key refused a row. */
export function isDuplicate(error: unknown): boolean {
  return isMysql(error) && error.errno === DUPLICATE;
}

/** Whether the database that the address names does not exist yet. */
export function isMissingDatabase(error: unknown): boolean {
  return isMysql(error) && error.errno === 1049;
}

/** Whether the server has answered, if only with a refusal: the connection is good for more. */
export function isAnswer(error: unknown): boolean {
  return isMysql(error) && error.sqlState !== undefined && error.fatal !== true;
}

/** Turns what a driver throws into `DatabaseUnavailable` where it is that, and leaves the rest alone. */
export function translate(error: unknown): unknown {
  if (!isMysql(error) || error instanceof DatabaseUnavailable) return error;
  if (error instanceof Overdue) return new DatabaseUnavailable(error.message, false, error);
  // A call that mysql2 itself refuses is a mistake of ours.
  if (error instanceof TypeError) return error;
  const answered = isAnswer(error);
  if (answered && !IN_TROUBLE.has(error.errno ?? 0)) return error;
  return new DatabaseUnavailable(error.message || String(error.code), !answered, error);
}

function isMysql(error: unknown): error is MysqlError {
  return error instanceof Error;
}
