/**
 * Passwords are expensive on purpose. Many at once must not take the threads that files are read
 * by, nor make anybody wait for ever.
 */
import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { type TestContext, test } from 'node:test';
import { createPasswords } from '../../lib/password.ts';
import { QueueFullError, TimeoutError } from '../../lib/semaphore.ts';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { codeOf } from '../support/http.ts';

/** How many passwords have been worked on from now on, and how many at a time. */
function watchScrypt(t: TestContext) {
  const running = new Set<number>();
  const seen = { all: 0, most: 0 };
  const hook = createHook({
    init(id, type) {
      if (type !== 'SCRYPTREQUEST') return;
      running.add(id);
      seen.all += 1;
      seen.most = Math.max(seen.most, running.size);
    },
    before: (id) => void running.delete(id),
  }).enable();
  atEnd(t, () => hook.disable());
  return seen;
}

test('at most two passwords are worked on at a time', async (t) => {
  const seen = watchScrypt(t);
  const passwords = createPasswords();
  await Promise.all(Array.from({ length: 4 }, () => passwords.hash('correct horse')));
  assert.deepEqual(seen, { all: 4, most: 2 });
});

test('a name that nobody has costs as much work as a wrong password', async (t) => {
  const seen = watchScrypt(t);
  assert.equal(await createPasswords().verify('correct horse', undefined), false);
  assert.equal(seen.all, 1);
});

test('behind two and a full queue a password is refused at once, and later taken again', async () => {
  const passwords = createPasswords({ queueLimit: 1, waitMs: 60_000 });
  const good = Array.from({ length: 3 }, () => passwords.hash('correct horse'));
  await assert.rejects(passwords.hash('correct horse'), QueueFullError);
  const [hash] = await Promise.all(good);
  assert.equal(await passwords.verify('correct horse', hash), true);
});

test('a login goes ahead of the registrations that wait', async () => {
  const passwords = createPasswords({ queueLimit: 8, waitMs: 60_000 });
  const order: string[] = [];
  const many = Array.from({ length: 10 }, async () => {
    await passwords.hash('correct horse');
    order.push('registered');
  });
  await assert.rejects(passwords.hash('correct horse'), QueueFullError);
  // Eight wait; a busy machine may let one or two of them end before it, but not all.
  await passwords.verify('correct horse', undefined);
  order.push('logged in');
  await Promise.all(many);
  assert.notEqual(order.at(-1), 'logged in', order.join(', '));
});

test('who waits too long for a turn is refused', async () => {
  const passwords = createPasswords({ queueLimit: 9, waitMs: 1 });
  const good = [passwords.hash('correct horse'), passwords.hash('correct horse')];
  await assert.rejects(passwords.hash('correct horse'), TimeoutError);
  await Promise.all(good);
});

for (const error of [new QueueFullError('64 are waiting already'), new TimeoutError('late')]) {
  test(`who is refused by ${error.constructor.name} is told 503 «busy», and when to try again`, async (t) => {
    const { url, lines } = await startApp(t, {
      routes: [
        {
          method: 'GET',
          path: '/busy',
          handler: () => {
            throw error;
          },
        },
      ],
    });
    const response = await fetch(`${url}/busy`);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(await codeOf(response), 'busy');
    assert.deepEqual(lines, ['GET /busy 503'], 'it was foreseen, so it is no error in the log');
  });
}
