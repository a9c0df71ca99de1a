/**
 * How the private database is talked to, and whether somebody else does. Two of our servers may be
 * started in one folder, say on two ports: they share the database, and the last one to go turns
 * out the light. Who is still there is asked of the database itself, whose list of connections is
 * never out of date.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type PoolOptions, type RowDataPacket } from 'mysql2/promise';
import { within } from '../wait.ts';
import { CONNECT_MS, cut } from './connections.ts';

const DATABASE = 'ajax';
const USER = 'root';
/** How long a connection that was closed may still be on the list, in ms. */
const LINGER_MS = 300;
const LOOK_AGAIN_MS = 20;

/**
 * How to connect to a private server: as root, whom its closed folder lets in without a password.
 */
export function localOptions(socketPath: string): PoolOptions {
  return { socketPath, user: USER, database: DATABASE };
}

/**
 * Whether somebody is connected to our database; nobody, when the server does not answer in time.
 */
export function isUsed(socketPath: string): Promise<boolean> {
  return within(look(socketPath), CONNECT_MS).catch(() => false);
}

async function look(socketPath: string): Promise<boolean> {
  // Of no database, so that those who stop at the same time do not take each other for users.
  const connection = await createConnection({
    socketPath,
    user: USER,
    connectTimeout: CONNECT_MS,
  });
  connection.on('error', () => {});
  try {
    for (const end = performance.now() + LINGER_MS; ; await sleep(LOOK_AGAIN_MS)) {
      const query = connection.query<RowDataPacket[]>('SHOW PROCESSLIST');
      const [rows] = await within(query, LINGER_MS);
      if (!rows.some(({ db }) => db === DATABASE)) return false;
      if (performance.now() > end) return true;
    }
  } finally {
    cut(connection);
  }
}
