import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { noDatabaseProgram } from '../support/database.ts';
import { memory, notAsked } from '../support/fault-soak.ts';
import { copyProject, startProcess, temporaryFolder, untilReady } from '../support/process.ts';

const REQUESTS = 200_000;
const WARM_UP = 40_000;
const CONNECTIONS = 8;
/** How many a client sends before it has an answer to the first. */
const AHEAD = 10;
const PATHS = ['/session', '/', '/check-uname?uname=admin', '/healthz', '/nowhere'];
const GROWTH_MIB = 40;

/** Sends so many requests on one connection. @returns how many were answered with which status */
function send(port: number, count: number): Promise<Map<string, number>> {
  return new Promise((resolve, reject) => {
    const statuses = new Map<string, number>();
    const socket = connect(port, '127.0.0.1').on('error', reject);
    let sent = 0;
    let answered = 0;
    let rest = '';
    const go = () => {
      let text = '';
      for (; sent < count && sent - answered < AHEAD; sent += 1) {
        text += `GET ${PATHS[sent % PATHS.length]} HTTP/1.1\r\nHost: x\r\n\r\n`;
      }
      if (text !== '') socket.write(text);
    };
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      // An answer may begin in one piece and end in the next: the last few characters are kept.
      const text = rest + chunk;
      for (const [, status = ''] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        answered += 1;
      }
      rest = text.slice(text.lastIndexOf('\n') + 1);
      if (/^HTTP\/1\.1 \d{3} /.test(rest)) rest = '';
      if (answered < count) return go();
      socket.destroy();
      resolve(statuses);
    });
    socket.on('close', () => reject(new Error(`closed after ${answered} answers`)));
    go();
  });
}

test('200,000 requests without a cookie leave no session and no memory behind', {
  skip: notAsked || noDatabaseProgram,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  const server = await startProcess(t, folder, { env: { LOG: 'off' } });
  await untilReady(server);
  const run = async (count: number) => {
    const each = Array.from({ length: CONNECTIONS }, () => send(server.port, count / CONNECTIONS));
    return (await Promise.all(each)).reduce((sum, some) => {
      for (const [status, times] of some) sum.set(status, (sum.get(status) ?? 0) + times);
      return sum;
    });
  };
  await run(WARM_UP);
  const before = await memory(server.pid);
  const begin = performance.now();
  const statuses = await run(REQUESTS);
  const seconds = (performance.now() - begin) / 1000;
  const after = await memory(server.pid);
  t.diagnostic(`${(REQUESTS / seconds).toFixed(0)} requests a second`);
  t.diagnostic(`memory: ${before.toFixed(0)} MiB, then ${after.toFixed(0)} MiB`);
  assert.deepEqual(Object.fromEntries(statuses), {
    200: (REQUESTS / PATHS.length) * 4,
    404: REQUESTS / PATHS.length,
  });
  assert.ok(after < before + GROWTH_MIB, 'memory grows');
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.equal(server.stderr(), '');
});
