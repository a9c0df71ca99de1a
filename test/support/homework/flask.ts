/**
 * The right homework in Flask, `flask_homework.py`, on the private database of the tests.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../../lib/db/queries.ts';
import { atEnd } from '../at-end.ts';

/** Debian's own comes first: its packages are not those of another Python. */
const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import flask, pymysql']).status === 0,
);

/** Why Flask is passed over, or `false` when it is there. */
export const noFlask: string | false =
  python === undefined && 'no Flask: apt-get install -y python3-flask python3-pymysql';

/** Starts it. @returns its address */
export async function startFlask(t: TestContext, database: Database): Promise<string> {
  const [row] = await database.select('SELECT @@socket AS path', []);
  const child = spawn(
    python ?? '',
    [fileURLToPath(new URL('flask_homework.py', import.meta.url))],
    {
      env: { ...process.env, HOMEWORK_SOCKET: String(row?.path), PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const ended = once(child, 'exit');
  atEnd(t, async () => {
    child.kill();
    await ended;
  });
  for await (const port of createInterface(child.stdout)) return `http://127.0.0.1:${port}`;
  throw new Error('Flask said no port');
}
