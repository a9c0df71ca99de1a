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
const SCHEMA_MISSING = /^ER_(?:NO_DB_ERROR|BAD_DB_ERROR|NO_SUCH_TABLE|BAD_FIELD_ERROR)$/;
/** A missing right: to the database, a table, a column, a command. */
const DENIED = /^ER_(?:DBACCESS|TABLEACCESS|COLUMNACCESS|SPECIFIC_ACCESS)_DENIED_ERROR$/;
const QUOTA =
  /^ER_(?:TOO_MANY_USER_CONNECTIONS|USER_LIMIT_REACHED|MAX_PREPARED_STMT_COUNT_REACHED)$/;
/** Another transaction won, on one node (deadlock) or between the nodes of a cluster. */
const ROLLED_BACK = ['ER_LOCK_DEADLOCK', 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT'];

/** Whether a unique key refused the row. */
export const isDuplicate = (error: unknown) => codeOf(error) === 'ER_DUP_ENTRY';

/** Whether the schema has to be applied anew. */
export const isSchemaMissing = (error: unknown) => SCHEMA_MISSING.test(codeOf(error));

export const isDenied = (error: unknown) => DENIED.test(codeOf(error));

/** Whether the statement was rolled back because of another one: it may be sent again. */
export function isRolledBack(error: unknown): boolean {
  const code = codeOf(error);
  // A MySQL group reports a failed certification also in this way.
  const isFailedCommit = code === 'ER_ERROR_DURING_COMMIT' && `${error}`.includes('error 149');
  return ROLLED_BACK.includes(code) || isFailedCommit;
}

/** Whether another statement held a lock for too long. */
export const isLocked = (error: unknown) => codeOf(error) === 'ER_LOCK_WAIT_TIMEOUT';

/** Whether the connection can serve another statement; after a missing right it never sees a GRANT. */
export const isReusable = (error: unknown) =>
  isSqlFault(error) || isRolledBack(error) || isLocked(error);

/** Whether no server can be reached there: an error of the network, which has a code. */
export const isUnreachable = (error: unknown) =>
  error instanceof Error && 'code' in error && !('sqlState' in error);

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
  const isElse = isSchemaMissing(error) || isDenied(error) || QUOTA.test(codeOf(error));
  return isServerError(error) && SQL_FAULT.test(error.sqlState ?? '') && !isElse;
}

const codeOf = (error: unknown) => (isServerError(error) ? error.code : '');

/** Whether the server answered with an error; what mysql2 finds out by itself has no SQLSTATE. */
function isServerError(error: unknown): error is QueryError {
  return error instanceof Error && 'sqlState' in error && !('fatal' in error && error.fatal);
}
