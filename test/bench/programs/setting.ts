/**
 * What each server that ours is compared with is given: the folder with the page, the question to
 * the database, and a way to tell the benchmark where it listens.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool, type RowDataPacket } from 'mysql2/promise';

/** Whether this program was started to serve, and not picked up by a bare `node --test`. */
export const isWanted = process.env.NODE_TEST_CONTEXT === undefined;

/** The folder in which `index.html` lies. */
export const STATIC_FOLDER = process.env.BENCH_STATIC ?? '';

/** Connects with the first query. */
export const pool = createPool({
  socketPath: process.env.BENCH_SOCKET ?? '',
  user: 'root',
  database: 'ajax',
  connectionLimit: 10,
});

/** Whether somebody has this name: one query for each question. */
export async function exists(uname: string): Promise<boolean> {
  const sql = 'SELECT uname FROM users WHERE uname = ?';
  const [rows] = await pool.execute<RowDataPacket[]>(sql, [uname]);
  return rows.length > 0;
}

/** Lets a server listen on a free port, and prints its address. */
export function listen(server: Server): void {
  // Killed by the signal itself, it would not write its profile.
  process.once('SIGTERM', () => process.exit());
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo; // it listens on a port
    console.log(`http://127.0.0.1:${port}/`);
  });
}
