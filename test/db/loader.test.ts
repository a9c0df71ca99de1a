import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLoader } from '../../lib/db/loader.ts';
import { createUsers } from '../../lib/db/users.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';

/** A batch over the names that begin with t, and what it was asked. */
function recordingBatch() {
  const asked: (readonly string[])[] = [];
  const has = createLoader(async (names: readonly string[]) => {
    asked.push([...names]);
    return (name) => name.startsWith('t');
  });
  return { has, asked };
}

test('a batch asks once for all the names that come in one turn, and answers each its own', async () => {
  const { has, asked } = recordingBatch();
  const answers = await Promise.all([has('taken'), has('free'), has('taken')]);
  assert.deepEqual(answers, [true, false, true]);
  assert.deepEqual(asked, [['taken', 'free', 'taken']]);
});

test('a batch that is full goes out, and the next one begins', async () => {
  const { has, asked } = recordingBatch();
  await Promise.all(Array.from({ length: 65 }, (_, index) => has(`${index}`)));
  assert.deepEqual(
    asked.map(({ length }) => length),
    [64, 1],
  );
});

test('a name that comes later goes out by itself', async () => {
  const { has, asked } = recordingBatch();
  await has('a');
  await has('b');
  assert.deepEqual(asked, [['a'], ['b']]);
});

test('an error reaches everybody who waits, and nobody after them', async () => {
  let fails = true;
  const has = createLoader(async (_names: readonly string[]) => {
    if (fails) throw new Error('gone');
    return () => true;
  });
  const results = await Promise.allSettled([has('a'), has('b')]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  fails = false;
  assert.equal(await has('c'), true);
});

describe('users.exists', { skip: noDatabaseProgram }, () => {
  for (const count of [1, 2, 4, 5, 17, 64, 65, 200]) {
    test(`tells ${count} names asked for at once apart`, async () => {
      const users = createUsers(await testDatabase());
      const names = Array.from({ length: count }, (_, index) =>
        index % 3 === 0 ? 'alice' : `free-${index}`,
      );
      const answers = await Promise.all(names.map((name) => users.exists(name)));
      assert.deepEqual(
        answers,
        names.map((name) => name === 'alice'),
      );
    });
  }
});
