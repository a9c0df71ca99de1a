/**
 * Opens the database that the configuration names, or a private one. It may not be there yet, or go
 * away: every query says so by `DatabaseUnavailable`, and the next one tries again, starting the
 * private server and applying the schema where that is needed. So there is nothing to restart by
 * hand.
 */
import type { PoolOptions } from 'mysql2/promise';
import { DatabaseUnavailable, translate } from './errors.ts';
import { createLocalServer } from './local.ts';
import { isUsed, localOptions } from './local-client.ts';
import { createPooledDatabase, type Database } from './pool.ts';
import { NotReadyYet } from './readiness.ts';
import { createReport } from './report.ts';
import { applySchema } from './schema.ts';

/** Where the database is, and who is told of it. */
export interface OpenOptions {
  /** `mysql://user:password@host:port/name`; `undefined` runs a private server. */
  readonly url: URL | undefined;
  /** Where the private server keeps its data. */
  readonly folder: string;
  /** Told in one line whenever the database comes or goes. */
  readonly onChange: (line: string) => void;
  /** Where to look for the private server's program, if not where such programs usually are. */
  readonly programFolders?: readonly string[];
}

const CLOSE_MS = 5000;

/** Returns at once; the first query, or `select('SELECT 1')`, waits for the database. */
export function openDatabase({ url, folder, onChange, programFolders }: OpenOptions): Database {
  const local = url ? undefined : createLocalServer(folder, programFolders);
  const options = url ? remoteOptions(url) : localOptions(local?.socketPath ?? '');
  let isOpen = true;
  const report = createReport((line) => {
    if (isOpen) onChange(line);
  });

  async function prepare(): Promise<void> {
    try {
      const started = await local?.ensure();
      await applySchema(options);
      report.prepared(url ? `${url.host}${url.pathname}` : (started ?? 'was running already'));
    } catch (error) {
      const failure = translate(error);
      report.failed(failure instanceof Error ? failure.message : String(failure));
      throw error;
    }
  }

  async function reported<T>(query: Promise<T>): Promise<T> {
    try {
      const result = await query;
      report.answered();
      return result;
    } catch (error) {
      const isReported =
        error instanceof DatabaseUnavailable && !(error.cause instanceof NotReadyYet);
      if (isReported) report.queryFailed(error.message);
      throw error;
    }
  }

  const database = createPooledDatabase(options, prepare);
  return {
    select: (sql, values) => reported(database.select(sql, values)),
    insert: (sql, values) => reported(database.insert(sql, values)),
    async close(ms = CLOSE_MS) {
      isOpen = false;
      const begin = performance.now();
      await database.close();
      await local?.stop(ms - (performance.now() - begin), () => isUsed(local.socketPath));
    },
  };
}

function remoteOptions(url: URL): PoolOptions {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    // By itself mysql2 takes any certificate that somebody trusted has signed, whoever's it is.
    ...(url.searchParams.has('ssl') ? { ssl: { verifyIdentity: true } } : {}),
  };
}
