/**
 * One private database for all that are measured, with many users in it.
 */
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { createLocalServer } from '../../lib/db/local-server.ts';
import { applySchema } from '../../lib/db/schema.ts';
import type { Life } from './life.ts';

export interface BenchDatabase {
  /** Such as `10.11.19-MariaDB`. */
  readonly version: string;
  readonly socketPath: string;
}

export const USERS = 100_000;

const ROWS_PER_INSERT = 1000;
const STOP_MS = 10_000;

/** The name of a user who is there, for a number below `USERS`. */
export function takenName(number: number): string {
  return `user${number}`;
}

/** A name that nobody has. */
export function freeName(number: number): string {
  return `free${number}`;
}

/**
 * @param folder the copy of the project: the server there finds the database in its own `.data/`
 */
export async function startDatabase(life: Life, folder: string): Promise<BenchDatabase> {
  const server = createLocalServer(join(folder, '.data'));
  life.atEnd(() => server.stop(STOP_MS));
  const { options } = await server.start();
  await applySchema(options);

  const connection = await createConnection(options);
  life.atEnd(() => connection.end());
  const sql = 'INSERT INTO users (uname, upwd, nickname) VALUES ?';
  for (let begin = 0; begin < USERS; begin += ROWS_PER_INSERT) {
    life.signal.throwIfAborted();
    const rows = Array.from({ length: ROWS_PER_INSERT }, (_, index) => {
      const uname = takenName(begin + index);
      return [uname, '!', uname];
    });
    await connection.query(sql, [rows]);
  }
  await connection.query('ANALYZE TABLE users');
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  return { version: String(row?.version), socketPath: String(options.socketPath) };
}
