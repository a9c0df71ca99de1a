/**
 * One client that asks ahead on many connections and reads nothing: it can neither end the process
 * nor hold anybody else up. Tried on the real server, in a process with a small heap.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../support/at-end.ts';
import {
  copyProject,
  startProcess,
  type TestProcess,
  temporaryFolder,
  until,
} from '../support/process.ts';

const CONNECTIONS = 300;
const MB = 1_000_000;
/**
 * Of two processors’ time, what the server may use before it answers: then it is there within 1 s,
 * where nothing else runs. How long it takes beside others says more about them.
 */
const MAX_CPU_MS = 2000;
/** No wait is longer; a passing test never gets near it. */
const PATIENCE_MS = 30_000;
const skip = process.platform !== 'linux' && 'it reads /proc';

const PICTURE = 'GET /static/img/screenshot.png HTTP/1.1\r\nHost: a\r\n\r\n';
const TINY = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';
const FORM =
  'POST /02-server HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b';
const many = (text: string, bytes = 65_000) => text.repeat(Math.floor(bytes / text.length));

const floods: [what: string, first: string, then: string][] = [
  ['large answers, and then for much', PICTURE.repeat(25), many(TINY)],
  ['much at once', PICTURE + many(TINY), many(TINY)],
  ['much in forms', PICTURE + many(FORM), many(FORM)],
];
for (const [what, first, then] of floods) {
  test(`${CONNECTIONS} connections that ask for ${what} leave the others served`, {
    skip,
  }, async (t) => {
    const server = await startServer(t);
    await healthy(server, 1);
    const before = await memory(server, 'VmRSS');
    const crowd = await connectAll(t, server.port);
    for (const part of [first, then]) {
      for (const socket of crowd) if (!socket.destroyed) socket.write(part);
      // What came first is read first.
      await healthy(server, 30);
    }
    const grown = (await memory(server, 'VmHWM')) - before;
    assert.ok(grown < 100 * MB, `it has grown by ${grown / MB} MB`);
  });
}

test('as many connections as there is room for, each with all its headers, leave the others served', {
  skip,
}, async (t) => {
  const server = await startServer(t, 64);
  await healthy(server, 1);
  const head = `POST /02-server HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: ${'x'.repeat(15_500)}\r\n\r\n`;
  const all: Socket[] = [];
  for (let crowds = 0; crowds < 9; crowds += 1) {
    const crowd = await connectAll(t, server.port);
    for (const socket of crowd) socket.write(head);
    all.push(...crowd);
    await sleep(50);
  }
  for (const socket of all) socket.destroy();
  await until('there is room again', () =>
    healthy(server, 1).then(
      () => true,
      () => false,
    ),
  );
});

async function startServer(t: TestContext, heapMb = 256): Promise<TestProcess> {
  const folder = await copyProject(await temporaryFolder(t, 'ajax-flood-'));
  const env = {
    // The second keeps V8's young garbage small, which may come to three times as much, and to
    // more on newer Nodes: it is V8's to say, and not what the server holds.
    NODE_OPTIONS: `--max-old-space-size=${heapMb} --max-semi-space-size=8`,
    DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax',
    LOG: 'off',
  };
  return startProcess(t, folder, { env });
}

/** Clients that read nothing; the system's buffers are soon full. */
function connectAll(t: TestContext, port: number): Promise<Socket[]> {
  const all = Array.from({ length: CONNECTIONS }, async () => {
    const socket = connect(port, '127.0.0.1').pause();
    atEnd(t, () => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    return socket.on('error', () => {}); // some are cut
  });
  return Promise.all(all);
}

/** Asks so many times, one after the other, whether the server lives. */
async function healthy({ url, pid }: TestProcess, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const before = await cpuMs(pid);
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    assert.equal(await response.text(), '{"status":"ok"}');
    const used = (await cpuMs(pid)) - before;
    assert.ok(used < MAX_CPU_MS, `${used} ms before an answer`);
    await sleep(50);
  }
}

/** The processor's time that a process has used; Linux counts in hundredths of a second. */
async function cpuMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets, which may hold anything; user and system
  // time are the 14th and the 15th (proc_pid_stat(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Of the process, in bytes: what it holds now (VmRSS), or held at most (VmHWM). */
async function memory({ pid }: TestProcess, line: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
}
