/**
 * The store of sessions in the database, for tests that look at it from inside.
 */
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { testDatabase } from './database.ts';
import { TIMEOUTS } from './session-store.ts';

/** A store on the database of this test file, which holds no session yet. */
export async function emptyStore(clock?: () => number) {
  const shared = await testDatabase();
  await shared.update('DELETE FROM sessions', []);
  const database = clock ? { ...shared, now: () => String(clock()) } : shared;
  return { store: createDatabaseStore({ ...TIMEOUTS, database }), database };
}
