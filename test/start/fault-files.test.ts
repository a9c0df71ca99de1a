/**
 * A server that may open no more files: what it has read before it still serves. Tried on the real
 * server, whose limit is taken away under it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atEnd } from '../support/at-end.ts';
import { copyProject, startProcess, temporaryFolder } from '../support/process.ts';

const skip = process.platform !== 'linux' && 'it takes prlimit(1)';

/** One connection, which is there before and stays. */
function createClient(t: TestContext, url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(t, () => agent.destroy());
  return (path: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      request(`${url}${path}`, { agent }, (response: IncomingMessage) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
}

test('a file that was read before is served when no file can be opened, and its edit shows later', {
  skip,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  await writeFile(join(folder, 'static/a.js'), 'old');
  const env = { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/ajax' };
  const server = await startProcess(t, folder, { env });
  const get = createClient(t, server.url);
  const limitFiles = (count: number) =>
    execFileSync('prlimit', [`--pid=${server.pid}`, `--nofile=${count}:`]);

  assert.deepEqual(await get('/static/a.js'), { status: 200, body: 'old' });
  limitFiles(3);
  await writeFile(join(folder, 'static/a.js'), 'new');
  assert.deepEqual(await get('/static/a.js'), { status: 200, body: 'old' });
  assert.equal((await get('/static/js/common.js')).status, 500, 'this one was never read');
  await rm(join(folder, 'static/a.js'));
  assert.equal((await get('/static/a.js')).status, 404);
  await writeFile(join(folder, 'static/a.js'), 'new');
  assert.equal((await get('/static/a.js')).status, 500, 'what is gone is forgotten');
  limitFiles(1000);
  assert.deepEqual(await get('/static/a.js'), { status: 200, body: 'new' });
});
