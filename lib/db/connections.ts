/**
 * mysql2's pool with an end to its waits. By itself it would wait for ever for a free connection,
 * for a connection to be made and for its own closing; and a connection that is given up keeps its
 * socket for as long as a stopped server is silent. Here each wait is bounded, and giving up cuts
 * the socket.
 */
import type { Socket } from 'node:net';
import { type Connection, createPool, type PoolConnection, type PoolOptions } from 'mysql2/promise';
import { within } from '../wait.ts';

/** A bounded number of connections to one database. */
export interface Connections {
  /**
   * A connection of one's own, until it is released or cut.
   * @param ms how long to wait for it
   * @throws Overdue, or what mysql2 throws
   */
  acquire(ms: number): Promise<PoolConnection>;
  /** Ends a connection whose state is not known; its place in the pool is free at once. */
  cut(connection: Connection): void;
  /** Lets go of all connections, after `ms` at the latest. */
  close(ms: number): Promise<void>;
}

/** For a connection to be made, in ms. */
export const CONNECT_MS = 900;

/**
 * What each connection is set to. A lock that is not to be had ends on the server, before our own
 * deadline cuts the connection: then it is certain that nothing was stored.
 */
export const SETTINGS = 'SET SESSION innodb_lock_wait_timeout = 1, SESSION lock_wait_timeout = 1';

/**
 * Makes a pool; nothing is connected before it is asked for.
 * @param options where the database is and who we are
 * @param limit how many connections at once
 */
export function createConnections(options: PoolOptions, limit: number): Connections {
  const pool = createPool({
    ...options,
    connectionLimit: limit,
    connectTimeout: CONNECT_MS,
    keepAliveInitialDelay: 10_000,
    charset: 'utf8mb4',
  });
  const open = new Set<Wire>();

  // A connection takes commands in order, so the settings are in force before the first query. Its
  // errors are told by the query that meets them; the event alone would end the process.
  pool.pool.on('connection', (connection) => {
    const wire = wireOf(connection);
    open.add(wire);
    wire.stream.once('close', () => open.delete(wire));
    connection.on('error', () => {});
    connection.query(SETTINGS, () => {});
  });

  return {
    async acquire(ms) {
      const coming = pool.getConnection();
      return within(coming, ms, () => {
        // Nobody waits for it any more; a failure was told as «too late».
        coming.then((connection) => connection.release()).catch(() => {});
      });
    },

    cut,

    async close(ms) {
      // `pool.end` waits for a farewell that a stopped server never answers.
      await within(pool.end(), ms).catch(() => {});
      for (const wire of open) cutWire(wire);
    },
  };
}

/**
 * Ends a connection and its socket: `destroy` alone says goodbye politely, and the socket stays
 * open while a stopped server is silent.
 */
export function cut(connection: Connection): void {
  // mysql2's types leave this out; each of its promise connections has a plain one inside.
  cutWire((connection as Connection & { connection: Wire }).connection);
}

function cutWire(wire: Wire): void {
  wire.destroy();
  wire.stream.destroy();
}

interface Wire {
  destroy(): void;
  readonly stream: Socket;
}

function wireOf(connection: object): Wire {
  // mysql2's types leave out the connection's socket, which its sources always have.
  return connection as Wire;
}
