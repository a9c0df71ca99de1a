/**
 * The store that a test's sessions live in. `test/session/with-database.test.ts` runs the tests of sessions
 * a second time, in the database; what else they look at stays the same.
 */
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import type { SessionStore } from '../../lib/session/store.ts';
import { testDatabase } from './database.ts';

export const isInDatabase = process.env.TEST_STORE === 'database';

interface Settings {
  readonly idleMs: number;
  readonly maxAgeMs: number;
  readonly limit: number;
  /** A clock of the test's own; without one, the store's own counts. */
  readonly now?: (() => number) | undefined;
}

/** An empty store. In the database it writes down every use, so that the tests can be exact. */
export async function createTestStore({ now, ...settings }: Settings): Promise<SessionStore> {
  if (!isInDatabase) return createMemoryStore({ ...settings, now: now ?? monotonic });
  const database = await testDatabase();
  await database.update('DELETE FROM sessions', []);
  await database.update('UPDATE leases SET until_at = 0', []);
  const clock = now ? { now: () => String(now()) } : {};
  return createDatabaseStore({ ...settings, database: { ...database, ...clock }, noteMs: 0 });
}

function monotonic(): number {
  return Math.trunc(performance.now());
}
