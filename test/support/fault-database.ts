/**
 * A database server as others run it: on a TCP port, with a password, to be started and stopped as
 * a test likes. Its data stay where they are meanwhile.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Database } from '../../lib/db/queries.ts';
import { openDatabase } from '../../lib/db/queries.ts';
import { findServerProgram, serverArgs } from '../../lib/db/server-program.ts';
import { atEnd } from './at-end.ts';
import { addressOf } from './database.ts';
import { putData } from './fault-private.ts';
import { endProcess, isRunning, temporaryFolder, until } from './process.ts';

/** What a URL must write as %40, %3A, %2F, %25, %23, and letters beyond ASCII. */
export const PASSWORD = 'p@ss:w/ö%r#d?';
export const USER = 'learner';

export interface TcpServer {
  readonly port: number;
  /** `DATABASE_URL` for a database there, and for another user if one is given. */
  url(database?: string, user?: string, password?: string): URL;
  /** Starts it, and waits until it answers. */
  start(): Promise<void>;
  /** Sends a signal to it. */
  kill(signal: NodeJS.Signals): void;
  /** Kills it and waits until it is gone. */
  end(): Promise<void>;
  /** Runs statements as root, on a connection of their own. */
  sql(statements: string): Promise<RowDataPacket[]>;
  /** A connection as root, for a test that holds on to something. */
  connect(): Promise<Connection>;
}

/**
 * A server on a free port, with a user who may do everything. It is not running yet.
 * @param options further arguments of its program
 */
export async function tcpServer(
  t: TestContext,
  options: readonly string[] = [],
): Promise<TcpServer> {
  const folder = await temporaryFolder(t);
  await putData(folder);
  const socketPath = join(folder, 'db.sock');
  const port = await freePort();
  const program = await findServerProgram();
  const usual = serverArgs(program, join(folder, 'db'), socketPath, join(folder, 'db.pid'));
  const args = usual.filter((arg) => arg !== '--skip-networking');
  args.push(`--port=${port}`, '--bind-address=127.0.0.1', ...options);
  const grant = `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${PASSWORD}';
    GRANT ALL ON *.* TO '${USER}'@'%'; FLUSH PRIVILEGES`;
  let pid: number | undefined;

  const kill = (signal: NodeJS.Signals) => {
    if (pid !== undefined) process.kill(pid, signal);
  };
  async function end(): Promise<void> {
    if (pid !== undefined && isRunning(pid)) await endProcess(pid, 0);
  }
  async function connect(): Promise<Connection> {
    const connection = await createConnection({
      socketPath,
      user: 'root',
      multipleStatements: true,
    });
    connection.on('error', () => {});
    atEnd(t, () => connection.destroy());
    return connection;
  }
  async function sql(statements: string): Promise<RowDataPacket[]> {
    const connection = await connect();
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statements);
      return rows;
    } finally {
      connection.destroy();
    }
  }
  atEnd(t, end);

  return {
    port,
    url(database = 'ajax', user = USER, password = PASSWORD) {
      const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
      return new URL(`mysql://${login}@127.0.0.1:${port}/${database}`);
    },
    async start() {
      pid = spawn(program, args, { stdio: 'ignore' }).pid;
      await until('the database to start', () => sql(grant).then(Boolean, () => false));
    },
    kill,
    end,
    sql,
    connect,
  };
}

/**
 * Ours, at that server; closed when the test ends.
 * @param lines takes what it says
 */
export function openAt(t: TestContext, { href }: { href: string }, lines: string[] = []): Database {
  const onChange = (line: string) => void lines.push(line);
  const database = openDatabase({ address: addressOf(href), folder: '', onChange });
  atEnd(t, () => database.close());
  return database;
}

/** A port of this machine that nobody has. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }; // it listens on a port
      server.close(() => resolve(port));
    });
  });
}
