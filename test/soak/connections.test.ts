import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { memory, notAsked, raiseFileLimit } from '../support/fault-soak.ts';
import {
  copyProject,
  openFiles,
  startProcess,
  temporaryFolder,
  until,
} from '../support/process.ts';

const WANTED = 10_000;
const SPARE_FILES = 500;
const AT_ONCE = 200;
const ROUNDS = 8;
/** From the first round to the last: a socket that is not let go of holds some 3 KB. */
const GROWTH_MIB = 100;

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).on('error', reject);
  });
}

test('10,000 idle connections disturb nobody, and leave nothing', { skip: notAsked }, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  const env = { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax', LOG: 'off' };
  const server = await startProcess(t, folder, { env });
  const most = Math.min(raiseFileLimit(process.pid), raiseFileLimit(server.pid)) - SPARE_FILES;
  const wanted = Math.min(WANTED, most);
  t.diagnostic(`${wanted} connections at once`);
  assert.equal((await fetch(server.url)).status, 200);
  const files = await openFiles(server.pid);
  const peaks: number[] = [];

  for (let round = 0; round < ROUNDS; round += 1) {
    const sockets: Socket[] = [];
    while (sockets.length < wanted) {
      const batch = Array.from({ length: Math.min(AT_ONCE, wanted - sockets.length) }, () =>
        open(server.port),
      );
      sockets.push(...(await Promise.all(batch)));
    }
    for (const socket of sockets) socket.on('error', () => {});
    for (let count = 0; count < 50; count += 1) {
      const page = await fetch(server.url, { signal: AbortSignal.timeout(10_000) });
      assert.equal(page.status, 200);
      await page.text();
    }
    assert.ok((await openFiles(server.pid)) >= files + wanted, 'some were not let in');
    peaks.push(await memory(server.pid));
    for (const socket of sockets) socket.destroy();
    await until('all sockets to be closed', async () => (await openFiles(server.pid)) <= files);
  }
  const rounded = peaks.map((mib) => mib.toFixed(0)).join(', ');
  t.diagnostic(`memory with all of them, round by round: ${rounded} MiB`);
  const growth = (peaks.at(-1) ?? 0) - (peaks[0] ?? 0);
  assert.ok(growth < (GROWTH_MIB * wanted) / WANTED, 'memory grows');
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.equal(server.stderr(), '');
});
