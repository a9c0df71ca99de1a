/** This server before its own checker, with either store. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createDatabaseStore } from '../../../lib/db/session-store.ts';
import { createMemoryStore } from '../../../lib/session/memory-store.ts';
import type { Timeouts } from '../../../lib/session/store.ts';
import { startApp } from '../../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../../support/database.ts';
import { TIMEOUTS } from '../../support/session-store.ts';
import { contractRoutes, PREFIX } from './adapters/routes.ts';
import { allChecks } from './groups.ts';
import { inspect } from './inspection.ts';
import { settingsFor } from './settings.ts';

/** Seconds, as a user would set them. */
const SHORT = { idleMs: 2000, absoluteMs: 6000 };
const LIMIT = 10_000;

type Start = (t: TestContext, timeouts: Timeouts) => Promise<string>;

async function inMemory(t: TestContext, timeouts: Timeouts): Promise<string> {
  const store = createMemoryStore({ ...timeouts, limit: LIMIT });
  return start(t, { store, routes: contractRoutes(async () => store.size) });
}

async function inDatabase(t: TestContext, timeouts: Timeouts): Promise<string> {
  const database = await testDatabase();
  const store = createDatabaseStore({ ...timeouts, database });
  const count = async () => {
    const [row] = await database.select('SELECT COUNT(*) AS number FROM sessions', []);
    return Number(row?.number);
  };
  return start(t, { store, routes: contractRoutes(count) });
}

async function start(t: TestContext, options: Parameters<typeof startApp>[1]): Promise<string> {
  const { url } = await startApp(t, { ...options, config: { trustProxy: 1 } });
  return url + PREFIX;
}

/** The checks that fail, each with what was seen. */
async function complaints(t: TestContext, startServer: Start): Promise<string[]> {
  const { idleMs, absoluteMs: maxMs } = SHORT;
  const passes = [
    { timeouts: TIMEOUTS, ends: {}, isWaiting: false },
    { timeouts: SHORT, ends: { idleMs, maxMs }, isWaiting: true },
  ];
  const found: string[] = [];
  // One after the other: the sessions of one database are counted.
  for (const { timeouts, ends, isWaiting } of passes) {
    const url = await startServer(t, timeouts);
    const checks = allChecks.filter(({ when }) => (when === 'waiting') === isWaiting);
    const settings = settingsFor(url, { https: true, strangers: 20, answerMs: 30_000, ...ends });
    for (const verdict of (await inspect(settings, checks, 6)).verdicts)
      if (verdict.state === 'failed') found.push(`${verdict.check.id}: ${verdict.seen}`);
  }
  return found;
}

describe('the checker of session layers', { concurrency: 2 }, () => {
  test('has nothing to say against this server with sessions in memory', async (t) => {
    assert.deepEqual(await complaints(t, inMemory), []);
  });

  test('has nothing to say against this server with sessions in the database', {
    skip: noDatabaseProgram,
  }, async (t) => {
    assert.deepEqual(await complaints(t, inDatabase), []);
  });
});
