/**
 * What makes guessing at passwords slow, for all processes that share the database: each further
 * failure on a key costs a longer wait. In one process, `http/limit.ts` does the same in memory.
 */
import type { Database } from './queries.ts';

const FIRST_WAIT_MS = 1000;
/** No wait is longer, and who has been quiet for so long is forgiven. */
const MAX_WAIT_MS = 15 * 60_000;

/**
 * Waits of 1, 2, 4 … s after `free` failures, 15 minutes at most.
 * @param kind what the keys are, to tell them from others
 * @param free failures without a wait; 0 for no limit
 */
export function createDatabaseBackoff(database: Database, kind: string, free: number) {
  const now = () => database.now();
  const nameOf = (key: string) => `${kind}:${key}`;
  const waitAfter = (count: string) =>
    `IF(${count} < ${free}, 0, LEAST(${FIRST_WAIT_MS} * POW(2, ${count} - ${free}), ${MAX_WAIT_MS}))`;

  /** Counts one more failure of a key that is known and need not wait. */
  async function again(name: string): Promise<boolean> {
    const count = `(1 + IF(failed_at > ${now()} - ${MAX_WAIT_MS}, count, 0))`;
    // In this order each column is read before it is written.
    const sql = `UPDATE login_failures
      SET until_at = ${now()} + ${waitAfter(count)}, count = ${count}, failed_at = ${now()}
      WHERE name = ? AND until_at <= ${now()}`;
    return (await database.update(sql, [name])) > 0;
  }

  /** Counts the first failure of a key, and takes away two that are forgiven: so none are left. */
  async function first(name: string): Promise<boolean> {
    const sql = `INSERT IGNORE INTO login_failures (name, count, failed_at, until_at)
      VALUES (?, 1, ${now()}, ${now()} + ${waitAfter('1')})`;
    if ((await database.update(sql, [name])) === 0) return false;
    const old = `failed_at <= ${now()} - ${MAX_WAIT_MS} ORDER BY failed_at LIMIT 2`;
    await database.update(`DELETE FROM login_failures WHERE ${old}`, []);
    return true;
  }

  return {
    /**
     * Counts a failure before the attempt, so that attempts at the same time count as well.
     * @returns 0, or how many ms this key has to wait; then nothing is counted
     */
    async begin(key: string): Promise<number> {
      const name = nameOf(key);
      while (free > 0 && !(await again(name)) && !(await first(name))) {
        const sql = `SELECT until_at - ${now()} AS wait FROM login_failures WHERE name = ?`;
        const [row] = await database.select(sql, [name]);
        const waitMs = Number(row?.wait ?? 0);
        // If there is nothing to wait for, another was quicker with the first failure.
        if (waitMs > 0) return waitMs;
      }
      return 0;
    },

    /** Takes so many failures back, and the wait with them: they were none, or are forgiven. */
    async undo(key: string, count: number): Promise<void> {
      const sql = `UPDATE login_failures SET count = GREATEST(count - ${count}, 0), until_at = 0
        WHERE name = ?`;
      await database.update(sql, [nameOf(key)]);
    },

    /** Forgets a key; returns how many failures it had. */
    async forget(key: string): Promise<number> {
      const sql = 'SELECT count FROM login_failures WHERE name = ?';
      const [row] = await database.select(sql, [nameOf(key)]);
      await database.update('DELETE FROM login_failures WHERE name = ?', [nameOf(key)]);
      return Number(row?.count ?? 0);
    },
  };
}
