/**
 * Opens the database that the configuration names, or a private one. It may not be there yet, or go away:
 * every query says so by `DatabaseUnavailable`, and the next one tries again, starting the private server
 * and applying the schema where that is needed. So there is nothing to restart by hand.
 */
import type { PoolOptions } from 'mysql2/promise';
import { translate } from './errors.ts';
import { createLocalServer } from './local.ts';
import { createPooledDatabase, type Database } from './pool.ts';
import { applySchema } from './schema.ts';

export interface OpenOptions {
  /** `mysql://user:password@host:port/name`; `undefined` runs a private server. */
  readonly url: URL | undefined;
  /** Where the private server keeps its data. */
  readonly folder: string;
  /** Told in one line whenever the database comes or goes. */
  readonly onChange: (line: string) => void;
}

/** Returns at once; the first query, or `select('SELECT 1')`, waits for the database. */
export function openDatabase({ url, folder, onChange }: OpenOptions): Database {
  const local = url ? undefined : createLocalServer(folder);
  const options = url ? remoteOptions(url) : localOptions(local?.socketPath ?? '');
  let lastLine = '';

  function tell(line: string): void {
    if (line !== lastLine) onChange(line);
    lastLine = line;
  }

  async function prepare(): Promise<void> {
    try {
      const started = await local?.ensure();
      await applySchema(options);
      const name = url ? `${url.host}${url.pathname}` : `private${started ? ` ${started}` : ''}`;
      tell(`database ready (${name})`);
    } catch (error) {
      const failure = translate(error);
      tell(`database not available: ${failure instanceof Error ? failure.message : failure}`);
      throw error;
    }
  }

  const database = createPooledDatabase(options, prepare);
  return {
    ...database,
    async close() {
      await database.close();
      await local?.stop();
    },
  };
}

function localOptions(socketPath: string): PoolOptions {
  return { socketPath, user: 'root', database: 'ajax' };
}

function remoteOptions(url: URL): PoolOptions {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(url.searchParams.has('ssl') ? { ssl: {} } : {}),
  };
}
