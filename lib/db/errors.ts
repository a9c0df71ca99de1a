/**
 * Errors of the database, by the server's own names. An unavailable database is reported in many
 * ways, some without a code: so everything is `DatabaseUnavailable` but SQL that is wrong.
 */
import type { QueryError } from 'mysql2';

/** The database cannot answer now; the same request may succeed later. */
export class DatabaseUnavailable extends Error {}

/** SQLSTATE classes of wrong SQL: cardinality, data, constraint, syntax. */
const SQL_FAULT = /^(?:21|22|23|42)/;
/** The database or a table of ours is missing, or a table lacks a column. */
const SCHEMA_MISSING = [
  'ER_NO_DB_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
];
/** A missing right: to the database, a table, a column, a command. */
const DENIED = [
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
];
const QUOTA = [
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_USER_LIMIT_REACHED',
  'ER_MAX_PREPARED_STMT_COUNT_REACHED',
];
/** Another transaction won, on one node (deadlock) or between the nodes of a cluster. */
const ROLLED_BACK = ['ER_LOCK_DEADLOCK', 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT'];

/** Whether a unique key refused the row. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === 'ER_DUP_ENTRY';
}

/** Whether the schema has to be applied anew. */
export function isSchemaMissing(error: unknown): boolean {
  return SCHEMA_MISSING.includes(codeOf(error));
}

/** Whether a right is missing. */
export function isDenied(error: unknown): boolean {
  return DENIED.includes(codeOf(error));
}

/** Whether the statement was rolled back because of another one: it may be sent again. */
export function isRolledBack(error: unknown): boolean {
  const code = codeOf(error);
  // A MySQL group reports a failed certification also in this way.
  const isFailedCommit = code === 'ER_ERROR_DURING_COMMIT' && `${error}`.includes('error 149');
  return ROLLED_BACK.includes(code) || isFailedCommit;
}

/** Whether another statement held a lock for too long. */
export function isLocked(error: unknown): boolean {
  return codeOf(error) === 'ER_LOCK_WAIT_TIMEOUT';
}

/** Whether the connection can serve another statement; after a missing right it never sees a GRANT. */
export function isReusable(error: unknown): boolean {
  return isSqlFault(error) || isRolledBack(error) || isLocked(error);
}

/** Whether no server can be reached there: an error of the network, which has a code. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && !('sqlState' in error);
}

/** Turns an error of the driver into `DatabaseUnavailable`, but for a fault of our own SQL. */
export function toUnavailable(error: unknown): unknown {
  if (isSqlFault(error) || error instanceof TypeError || error instanceof DatabaseUnavailable) {
    return error;
  }
  return new DatabaseUnavailable(messageOf(error), { cause: error });
}

/** What happened, in one line: of several failed addresses, each (`localhost` has two). */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function isSqlFault(error: unknown): boolean {
  const isElse = isSchemaMissing(error) || isDenied(error) || QUOTA.includes(codeOf(error));
  return isServerError(error) && SQL_FAULT.test(error.sqlState ?? '') && !isElse;
}

function codeOf(error: unknown): string {
  return isServerError(error) ? error.code : '';
}

/** Whether the server answered with an error; what mysql2 finds out by itself has no SQLSTATE. */
function isServerError(error: unknown): error is QueryError {
  return error instanceof Error && 'sqlState' in error && !('fatal' in error && error.fatal);
}
