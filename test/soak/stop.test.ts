import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noDatabaseProgram } from '../support/database.ts';
import { startLoad } from '../support/fault-load.ts';
import { putData } from '../support/fault-private.ts';
import { notAsked } from '../support/fault-soak.ts';
import { sendForm } from '../support/http.ts';
import {
  copyProject,
  databasesAt,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

const ROUNDS = 12;
/** Within 10 s by promise; the rest is for a machine that is busy with the load itself. */
const STOP_MS = 15_000;

test('stopped or killed again and again under load, it starts again with all it confirmed', {
  skip: notAsked || noDatabaseProgram,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await putData(join(folder, '.data'));
  const stored: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startProcess(t, folder, { env: { LOG: 'off' } });
    await untilReady(server);
    for (const name of stored.slice(-5)) {
      const response = await fetch(`${server.url}/check-uname?uname=${name}`);
      assert.deepEqual(await response.json(), { uname: name, exists: true });
    }
    const load = startLoad(t, 8, async (count) => {
      const fields = { uname: `user-${round}-${count}`, upwd: 'correct horse', nickname: 'x' };
      const response = await sendForm(`${server.url}/register`, fields);
      if (response.status === 201) stored.push(fields.uname);
      return response.status;
    });
    await until('some users', () => (load.outcomes.get('201') ?? 0) > 3);
    await sleep(37 * round);
    // Every third time there is no farewell, and the database goes on alone.
    const isKilled = round % 3 === 2;
    const begin = performance.now();
    server.kill(isKilled ? 'SIGKILL' : 'SIGTERM');
    const ended = await server.ended;
    const ms = performance.now() - begin;
    const outcomes = await load.stop();
    if (isKilled) continue;
    assert.equal(ended, 0);
    assert.ok(ms < STOP_MS, `round ${round}: ${ms} ms`);
    assert.deepEqual(await databasesAt(folder), []);
    // What was in the queue has been answered; who came later was refused.
    for (const outcome of outcomes.keys()) {
      assert.ok(['201', 'ECONNREFUSED', 'UND_ERR_SOCKET', 'ECONNRESET'].includes(outcome), outcome);
    }
    assert.equal(server.stderr(), '');
  }
  t.diagnostic(`${stored.length} users were confirmed`);
});
