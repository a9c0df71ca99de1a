import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { endProcess, isListening, isRunning, serverOf } from '../../lib/db/private/process.ts';
import { atEnd } from '../support/at-end.ts';
import { pidOfThePast } from '../support/fault-private.ts';
import { temporaryFolder } from '../support/process.ts';

const LISTEN = `require('node:net').createServer((socket) => socket.on('error', () => {}).write('hello'))
  .listen({ path: process.argv[1], backlog: 1 }, () => console.log('listening'))`;
/** Ends on SIGTERM only when it is forced to. */
const STUBBORN = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`;

/** A process of its own that has said its first word. */
async function run(t: TestContext, script: string, ...args: string[]): Promise<number> {
  const child = spawn(process.execPath, ['-e', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd(t, () => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  if (child.pid === undefined) throw new Error('node could not be started');
  return child.pid;
}

test('a socket that nobody serves is known for it: not there, left behind, no socket at all', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal(await isListening(join(folder, 'none.sock')), false);
  const left = join(folder, 'left.sock');
  const pid = await run(t, LISTEN, left);
  assert.equal(await isListening(left), true);
  await endProcess(pid, 0);
  assert.equal(await isListening(left), false);
  await writeFile(join(folder, 'file.sock'), '');
  assert.equal(await isListening(join(folder, 'file.sock')), false);
});

test('a server that is stopped, with a full queue at its door, is still there', async (t) => {
  const path = join(await temporaryFolder(t), 'busy.sock');
  const pid = await run(t, LISTEN, path);
  process.kill(pid, 'SIGSTOP');
  const crowd = Array.from({ length: 10 }, () => connect(path).on('error', () => {}));
  atEnd(t, () => {
    for (const socket of crowd) socket.destroy();
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await isListening(path), true);
});

test('what cannot be told is not taken for «nobody is there»', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  await assert.rejects(isListening(join(file, 'db.sock')), { code: 'ENOTDIR' });
});

test('a server is known by the number that it wrote down, not by that of one before it', async (t) => {
  const folder = await temporaryFolder(t);
  const [path, pidFile] = [join(folder, 'new.sock'), join(folder, 'pid')];
  const pid = await run(t, LISTEN, path);
  assert.equal(await serverOf(path, pidFile), undefined);
  await writeFile(pidFile, String(pidOfThePast()));
  assert.equal(await serverOf(path, pidFile), undefined);
  await writeFile(pidFile, `${pid}\n`);
  assert.equal(await serverOf(path, pidFile), pid);
  await endProcess(pid, 0);
  assert.equal(await serverOf(path, pidFile), undefined);
});

test('a process is ended in its own way, or killed when that takes too long', async (t) => {
  const stubborn = await run(t, STUBBORN);
  await endProcess(stubborn, 100);
  assert.equal(isRunning(stubborn), false);
  const farewell = join(await temporaryFolder(t), 'farewell');
  const polite = `process.on('SIGTERM', () => {
    require('node:fs').writeFileSync(process.argv[1], '');
    process.exit();
  })`;
  const stopped = await run(t, `${polite}; ${STUBBORN}`, farewell);
  process.kill(stopped, 'SIGSTOP');
  await endProcess(stopped, 5000);
  assert.equal(isRunning(stopped), false);
  await access(farewell);
});
