/**
 * How a connection is made: where to, with which settings, and on a socket that is ours, so that it
 * can be closed whatever the server does. When there is to be one is the business of `database.ts`.
 */
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, createPool, type Pool, type PoolOptions } from 'mysql2/promise';
import { within } from '../semaphore.ts';
import type { Address } from './address.ts';
import { CONNECTIONS } from './queries.ts';

/** How many statements a connection keeps prepared; a server has 16,382 for all. */
const STATEMENTS = 500;
/** For a connection to be made, in ms. */
const CONNECT_MS = 900;
/** For goodbyes, which a stopped server never answers. */
const GOODBYE_MS = 500;

/** What each connection is set to; what a server does not know it has no need of. */
export const SETTINGS: readonly string[] = [
  // Where a server's default is 0, nothing that was confirmed would ever be stored.
  'SET SESSION autocommit = 1',
  // A lock that is not to be had ends on the server, before our own deadline cuts the connection:
  // then it is certain that nothing was stored.
  'SET SESSION innodb_lock_wait_timeout = 1, SESSION lock_wait_timeout = 1',
  // On a node of a Galera cluster, whoever reads or changes sees all that was confirmed on another.
  'SET SESSION wsrep_sync_wait = 3',
];

/** An address, as mysql2 takes it: one for each host. */
export function optionsOf({ hosts, tls, ...login }: Address): PoolOptions[] {
  // By itself mysql2 takes any certificate that somebody trusted has signed, whoever's it is.
  const ssl = tls ? { ssl: { verifyIdentity: true } } : {};
  return hosts.map((host) => ({ ...host, ...login, ...ssl, connectTimeout: CONNECT_MS }));
}

/** Opens a socket that is ours to close. */
export function openSocket({ socketPath, host = '', port = 0 }: ConnectionOptions): Socket {
  if (socketPath !== undefined) return connect(socketPath);
  return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
}

/** A pool; and what closes it: with a goodbye, or without one where the server says nothing. */
export function openPool(place: PoolOptions): [pool: Pool, close: () => Promise<void>] {
  const sockets = new Set<Socket>();
  const pool = createPool({
    ...place,
    connectionLimit: CONNECTIONS,
    maxPreparedStatements: STATEMENTS,
    stream() {
      const socket = openSocket(place);
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
  });
  // A connection takes commands in order, so the settings are in force before the first query. Its
  // errors are told by the query that meets them; the event alone would end the process.
  pool.pool.on('connection', (connection) => {
    connection.on('error', () => {});
    for (const setting of SETTINGS) connection.query(setting, () => {});
  });
  return [
    pool,
    async () => {
      await within(pool.end(), GOODBYE_MS).catch(() => {});
      for (const socket of sockets) socket.destroy();
    },
  ];
}
