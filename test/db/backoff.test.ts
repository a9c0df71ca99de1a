/**
 * What makes guessing slow, in memory and in the database: the same, by a clock that the test turns.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDatabaseBackoff } from '../../lib/db/backoff.ts';
import { createBackoff } from '../../lib/http/rate-limit.ts';
import type { Backoff } from '../../lib/routes/account.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

/** A backoff that has counted nothing, and its clock. */
type Make = (free: number, now: () => number) => Promise<Backoff>;

const inMemory: Make = async (free, now) => createBackoff(free, now);
const inDatabase: Make = async (free, now) => {
  const database = await testDatabase();
  await database.update('DELETE FROM login_failures', []);
  return createDatabaseBackoff({ ...database, now: () => String(now()) }, 'test', free);
};

const makers: [where: string, make: Make, skip: string | false][] = [
  ['in memory', inMemory, false],
  ['in the database', inDatabase, noDatabaseProgram],
];
for (const [where, make, skip] of makers) {
  describe(`a backoff ${where}`, { skip }, () => {
    async function start(free: number) {
      let at = 5_000_000;
      const backoff = await make(free, () => at);
      const pass = (ms: number) => {
        at += ms;
      };
      /** A failure, which the key is let through to. */
      const fail = async (key: string) => assert.equal(await backoff.begin(key), 0);
      return { backoff, pass, fail };
    }

    test('waits 1, 2, 4 … s once the free failures are used up, and 15 minutes at most', async () => {
      const { backoff, pass, fail } = await start(3);
      await fail('a');
      await fail('a');
      const waits = [];
      for (let wait = 0; wait < 900_000; pass(1)) {
        await fail('a');
        wait = await backoff.begin('a');
        waits.push(wait / 1000);
        pass(wait - 1);
        assert.equal(await backoff.begin('a'), 1, 'a try too early is not counted');
      }
      assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
    });

    test('forgives who has been quiet for 15 minutes, and not sooner', async () => {
      for (const [quietMs, wait] of [
        [900_000, 0],
        [899_999, 2000],
      ] as const) {
        const { backoff, pass, fail } = await start(2);
        await fail('a');
        await fail('a');
        pass(quietMs);
        await fail('a');
        assert.equal(await backoff.begin('a'), wait);
      }
    });

    test('takes failures back, and the wait with them', async () => {
      const { backoff, pass, fail } = await start(2);
      await fail('a');
      await fail('a');
      pass(1000);
      await fail('a');
      await backoff.undo('a', 1);
      await fail('a');
      assert.equal(await backoff.begin('a'), 2000);
      await backoff.undo('a', 99);
      assert.equal(await backoff.forget('a'), 0);
      await backoff.undo('nobody', 1);
    });

    test('forgets a key, and says how many failures it had', async () => {
      const { backoff, fail } = await start(1);
      await fail('a');
      await fail('b');
      assert.equal(await backoff.forget('a'), 1);
      await fail('a');
      assert.equal(await backoff.begin('b'), 1000);
    });

    test('counts attempts at the same time', async () => {
      const { backoff } = await start(2);
      const waits = await Promise.all(Array.from({ length: 20 }, () => backoff.begin('a')));
      assert.equal(waits.filter((wait) => wait === 0).length, 2);
    });

    test('of 0 never waits', async () => {
      const { fail } = await start(0);
      for (let count = 0; count < 100; count += 1) await fail('a');
    });
  });
}

test('a backoff in memory remembers 10,000 keys, and forgets the one quiet longest', () => {
  const backoff = createBackoff(1, () => 0);
  for (let count = 0; count < 10_001; count += 1) backoff.begin(`${count}`);
  assert.equal(backoff.begin('1'), 1000);
  assert.equal(backoff.begin('10000'), 1000);
  assert.equal(backoff.begin('0'), 0);
});

test('a backoff in the database takes away what is forgiven, as fast as it grows', {
  skip: noDatabaseProgram,
}, async () => {
  let at = 0;
  const backoff = await inDatabase(1, () => at);
  for (let count = 0; count < 10; count += 1) await backoff.begin(`old-${count}`);
  at += 900_000;
  for (let count = 0; count < 5; count += 1) await backoff.begin(`new-${count}`);
  const [row] = await (await testDatabase()).select('SELECT COUNT(*) AS n FROM login_failures', []);
  assert.equal(row?.n, 5);
});
