/**
 * The store of sessions in the database, for tests that look at it from inside.
 */
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { testDatabase } from './database.ts';

export const LIVES = { idleMs: 1_800_000, maxAgeMs: 28_800_000, limit: 1000 };
export const NOTHING = new Map<string, unknown>();

/** A store on the database of this test file, which holds no session yet. */
export async function emptyStore(options: { limit?: number; clock?: () => number } = {}) {
  const shared = await testDatabase();
  await shared.update('DELETE FROM sessions', []);
  await shared.update('UPDATE leases SET until_at = 0', []);
  const { clock, ...limits } = options;
  const database = clock ? { ...shared, now: () => String(clock()) } : shared;
  return { store: createDatabaseStore({ ...LIVES, ...limits, database }), database };
}
