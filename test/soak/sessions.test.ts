/**
 * A server with a small heap, and visitors who put into their sessions all that they may.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notAsked } from '../support/fault-soak.ts';
import { copyProject, startProcess, temporaryFolder } from '../support/process.ts';
import { openBrowser } from '../support/session-browser.ts';

/** Three times SESSION_LIMIT, each as full as it may be: together as much as the heap has. */
const SESSIONS = 3000;
const LIMIT = 1000;
const KEYS = 3;
const VALUE = 'x'.repeat(4096);
const HEAP_MIB = 48;
const AT_ONCE = 16;

test('visitors who put in all that they may do not use the memory up', {
  skip: notAsked,
}, async (t) => {
  const folder = await copyProject(await temporaryFolder(t));
  const env = {
    LOG: 'off',
    SESSION_LIMIT: String(LIMIT),
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
  };
  const server = await startProcess(t, folder, { env });
  let left = SESSIONS;
  const visitors = async () => {
    for (; left > 0; left -= 1) {
      const visitor = openBrowser(server.url);
      for (let key = 0; key < KEYS; key += 1) await visitor.put(`key-${key}`, VALUE);
      // The session that was used last is the last to be evicted.
      assert.equal(Object.keys((await visitor.state()).data).length, KEYS);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitors));
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert.equal(server.stderr(), '');
});
