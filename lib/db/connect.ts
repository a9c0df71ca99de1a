/**
 * The pool of connections, made anew after the database was gone. A request that waits for a
 * connection gives up after a while; the connection goes on being made, for the next request.
 */
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
import { withTimeout } from '../semaphore.ts';
import { DatabaseUnavailable, isSchemaMissing, isUnreachable, messageOf } from './errors.ts';
import { createLocalServer } from './local-server.ts';
import { applySchema } from './schema.ts';

/** Where a database server is, and the account to use there. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Whether the connection is encrypted, and the host has to prove its name. */
  readonly tls: boolean;
}

export interface ConnectOptions {
  /** Without one a private server runs, which keeps its data in `folder`. */
  readonly address: Address | undefined;
  readonly folder: string;
  /** Takes a line when the database comes or goes. */
  readonly onChange: (line: string) => void;
  /** Where to look for the private server's program; by default in the usual folders. */
  readonly programFolders?: readonly string[];
}

const QUEUE_LIMIT = 256;
const POOL = {
  connectionLimit: 10,
  queueLimit: QUEUE_LIMIT,
  /** Prepared statements of a connection; a server has 16,382 for all. */
  maxPreparedStatements: 500,
  keepAliveInitialDelay: 10_000,
};
/** A server may look up the client's name before it answers. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How long a request waits for a connection; and while a private database is made. */
const ACQUIRE_TIMEOUT_MS = 1500;
const CREATE_TIMEOUT_MS = 15_000;
/** Pause between two tries; queries in between fail with the same error. */
const RETRY_MS = 500;
/** A goodbye (COM_QUIT) that a stopped server never answers. */
const QUIT_TIMEOUT_MS = 500;
const CLOSE_TIMEOUT_MS = 5000;

/** Returns at once; the first `acquire` begins to connect. */
export function createConnector({ address, folder, onChange, programFolders }: ConnectOptions) {
  const local = createLocalServer(folder, programFolders);
  const pools = new Set<Pool>();
  /** Connections on which the settings are in force → what they came from. */
  const configured = new WeakMap<object, unknown>();
  /** The pool in use, or in the making, or the error of a moment ago. */
  let current: Promise<{ pool: Pool; settings: string }> | undefined;
  let isNew = address === undefined && local.isNew();
  let waiting = 0;
  let isDown = false;
  let isClosed = false;
  let lastLine = '';

  function report(line: string): void {
    if (!isClosed && line !== lastLine) onChange(line);
    lastLine = line;
  }

  async function prepare() {
    try {
      const { options, how } = address ? remote(address) : await local.start();
      const { settings, missingRight } = await applySchema(options);
      if (isClosed) throw new DatabaseUnavailable('the database is closed');
      const pool = createPool({ ...options, ...POOL });
      // An idle connection that breaks has no query to reject: the event alone would end the process.
      pool.pool.on('connection', (connection) => connection.on('error', () => {}));
      pools.add(pool);
      isDown = false;
      const suffix = missingRight && `, but a right is missing: ${missingRight}`;
      report(`database ready (${how})${suffix}`);
      return { pool, settings };
    } catch (error) {
      isDown = true;
      report(`database not available: ${messageOf(error)}`);
      throw error;
    } finally {
      isNew = false;
    }
  }

  async function connect(): Promise<PoolConnection> {
    const making = current ?? prepare();
    if (current === undefined) {
      current = making;
      const retry = () => drop(making);
      making.catch(() => setTimeout(retry, RETRY_MS).unref());
    }
    const { pool, settings } = await making;
    let connection: PoolConnection | undefined;
    try {
      connection = await pool.getConnection();
      if (!configured.has(connection.connection)) {
        await withTimeout(connection.query(settings), CONNECT_TIMEOUT_MS);
        configured.set(connection.connection, making);
      }
      return connection;
    } catch (error) {
      connection?.destroy();
      if (isUnreachable(error) || isSchemaMissing(error)) drop(making);
      throw error;
    }
  }

  /** The next query prepares everything anew, unless another has begun to. */
  function drop(old: unknown): void {
    const made = current;
    if (made === undefined || made !== old) return;
    current = undefined;
    // The queries in flight have a timeout of their own, which is shorter.
    setTimeout(async () => {
      const { pool } = (await made.catch(() => undefined)) ?? {};
      if (pool && pools.delete(pool)) pool.end().catch(() => {});
    }, CLOSE_TIMEOUT_MS).unref();
  }

  return {
    /** The schema that this connection found has gone. */
    invalidate: (connection: PoolConnection) => drop(configured.get(connection.connection)),

    /** To be released or destroyed. @throws DatabaseUnavailable, TimeoutError, or as mysql2 does */
    async acquire(): Promise<PoolConnection> {
      if (isClosed) throw new DatabaseUnavailable('the database is closed');
      if (waiting >= QUEUE_LIMIT) throw new DatabaseUnavailable(`${waiting} queries wait already`);
      waiting += 1;
      const connecting = connect().finally(() => {
        waiting -= 1;
      });
      const late = () => void connecting.then((connection) => connection.release()).catch(() => {});
      const timeoutMs = isNew ? CREATE_TIMEOUT_MS : ACQUIRE_TIMEOUT_MS;
      return withTimeout(connecting, timeoutMs, late);
    },

    /** Takes the outcome of a query: logs the first failure, and the first success after it. */
    onResult(error?: unknown): void {
      if (error === undefined) {
        if (isDown && current !== undefined) report('database answers again');
        isDown = false;
      } else if (error instanceof DatabaseUnavailable && !isDown) {
        isDown = true;
        report(`database not available: ${error.message}`);
      }
    },

    /** Closes all connections, and stops what was started; within `ms`, 5 s by default. */
    async close(ms = CLOSE_TIMEOUT_MS): Promise<void> {
      isClosed = true;
      const deadline = performance.now() + ms;
      const quitting = Array.from(pools, (pool) => withTimeout(pool.end(), QUIT_TIMEOUT_MS));
      await Promise.allSettled(quitting);
      await local.stop(deadline - performance.now());
    },
  };
}

function remote({ tls, ...server }: Address) {
  // By itself mysql2 takes a certificate of any host.
  const ssl = tls ? { ssl: { verifyIdentity: true } } : {};
  const options = { ...server, ...ssl, connectTimeout: CONNECT_TIMEOUT_MS };
  return { options, how: `${server.host}:${server.port}/${server.database}` };
}
