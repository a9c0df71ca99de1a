import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { noDatabaseProgram } from '../support/database.ts';
import { notAsked } from '../support/fault-soak.ts';
import {
  copyProject,
  databasesAt,
  startProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

const skip = notAsked || noDatabaseProgram;

test('stops cleanly at any moment of the very first start', { skip }, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  for (const ms of [50, 200, 450]) {
    const server = await startProcess(t, folder);
    await sleep(ms);
    server.kill('SIGTERM');
    assert.equal(await server.ended, 0, `after ${ms} ms`);
    assert.deepEqual(await databasesAt(folder), [], `after ${ms} ms`);
    const drafts = (await readdir(join(folder, '.data'))).filter((name) => /^db\.\d/.test(name));
    assert.deepEqual(drafts, [], `after ${ms} ms`);
  }
  // And without a farewell, which leaves the half-made where it is.
  const killed = await startProcess(t, folder);
  await sleep(200);
  killed.kill('SIGKILL');
  await killed.ended;
  const server = await startProcess(t, folder);
  await untilReady(server);
  assert.equal(await namesAdmin(server.url), true);
  await until('one database', async () => (await databasesAt(folder)).length === 1);
});

test('can be started twice at once in one folder; the last to go stops the database', {
  skip,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  const [one, two] = await Promise.all([startProcess(t, folder), startProcess(t, folder)]);
  await Promise.all([untilReady(one), untilReady(two)]);
  await until('one database', async () => (await databasesAt(folder)).length === 1);
  one.kill('SIGTERM');
  assert.equal(await one.ended, 0);
  assert.equal(await namesAdmin(two.url), true);
  two.kill('SIGTERM');
  assert.equal(await two.ended, 0);
  assert.deepEqual(await databasesAt(folder), []);
});

/** Whether the database has the users that it was made with. */
async function namesAdmin(url: string): Promise<boolean> {
  const response = await fetch(`${url}/check-uname?uname=admin`);
  return response.status === 200 && (await response.text()).includes('true');
}
