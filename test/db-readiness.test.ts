import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadiness, NotReadyYet } from '../lib/db/readiness.ts';
import { createReport } from '../lib/db/report.ts';
import { until } from './support/process.ts';

test('a database is prepared once for all who wait, and again when it was lost', async () => {
  let times = 0;
  const readiness = createReadiness(async () => {
    times += 1;
  });
  await Promise.all([1, 2, 3].map(() => readiness.wait(1000)));
  await readiness.wait(1000);
  assert.equal(times, 1);
  // Many queries notice the same loss.
  for (let query = 0; query < 5; query += 1) readiness.lost();
  await Promise.all([1, 2, 3].map(() => readiness.wait(1000)));
  assert.equal(times, 2);
});

test('whoever waits too long for the preparing goes, and the preparing goes on', async () => {
  let finish = () => {};
  const readiness = createReadiness(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  await assert.rejects(readiness.wait(5), NotReadyYet);
  readiness.lost(); // nothing was there to be lost
  const waiting = readiness.wait(1000);
  finish();
  await waiting;
});

test('after a failure all are told the same at once, and it is tried again a moment later', async () => {
  let times = 0;
  const readiness = createReadiness(async () => {
    times += 1;
    if (times === 1) throw new Error('down');
  });
  await assert.rejects(readiness.wait(1000), /down/);
  await assert.rejects(readiness.wait(1000), /down/);
  assert.equal(times, 1);
  await until('the next try', () =>
    readiness.wait(1000).then(
      () => true,
      () => false,
    ),
  );
  assert.equal(times, 2);
});

test('whoever runs the server reads one line when the database goes, and one when it is back', () => {
  const lines: string[] = [];
  const report = createReport((line) => lines.push(line));
  report.failed('refused');
  report.queryFailed('refused');
  report.failed('refused');
  report.failed('wrong password');
  report.prepared('MariaDB');
  report.answered();
  report.prepared('MariaDB');
  report.queryFailed('too slow');
  report.queryFailed('too slow, again');
  report.answered();
  report.answered();
  for (let turn = 0; turn < 5; turn += 1) {
    report.queryFailed('a lock');
    report.answered();
  }
  assert.deepEqual(lines, [
    'database not available: refused',
    'database not available: wrong password',
    'database ready (MariaDB)',
    'database not available: too slow',
    'database answers again',
  ]);
});
