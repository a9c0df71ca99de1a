/**
 * The store that a test's sessions live in. `test/db/session-store.test.ts` runs the tests of sessions
 * a second time, in the database.
 */
import { randomBytes } from 'node:crypto';
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import type { Json, Patch, SessionStore, Timeouts } from '../../lib/session/store.ts';
import { testDatabase } from './database.ts';

export const isInDatabase = process.env.TEST_STORE === 'database';

/** 30 minutes and 8 hours. */
export const TIMEOUTS: Timeouts = { idleMs: 1_800_000, absoluteMs: 28_800_000 };

interface Settings extends Timeouts {
  readonly limit: number;
  /** A clock of the test's own; without one, the store's own counts. */
  readonly now?: (() => number) | undefined;
}

/** An empty store. The one in the database stores every use, so that the tests can be exact. */
export async function createTestStore({ now, ...settings }: Settings): Promise<SessionStore> {
  if (!isInDatabase) return createMemoryStore({ ...settings, ...(now ? { now } : {}) });
  const database = await testDatabase();
  await database.update('DELETE FROM sessions', []);
  const clock = now ? { now: () => String(now()) } : {};
  return createDatabaseStore({
    ...settings,
    database: { ...database, ...clock },
    touchIntervalMs: 0,
  });
}

export const newHandle = () => randomBytes(32).toString('base64url');

/** Creates a session. @returns its handle */
export async function add(store: SessionStore, patch = patchOf(), owner?: string): Promise<string> {
  const handle = newHandle();
  await store.create(handle, owner, patch);
  return handle;
}

/** A patch that sets these values; `undefined` deletes. */
export function patchOf(values: { [key: string]: Json | undefined } = {}): Patch {
  const textOf = (value: Json | undefined) => (value === undefined ? value : JSON.stringify(value));
  return new Map(Object.entries(values).map(([key, value]) => [key, textOf(value)]));
}
