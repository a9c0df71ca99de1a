/** What a server with the session layer does, whatever stands around the layer. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { TestContext } from 'node:test';
import { atEnd } from '../../support/at-end.ts';
import { openBrowser } from '../../support/session-browser.ts';

/** Lets the server listen, visits it, logs in and out. */
export async function checkVisits(t: TestContext, server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const url = `http://127.0.0.1:${address.port}`;

  const browser = openBrowser(url);
  const visit = async () => (await browser.ask('GET', '/')).text();
  assert.equal(await visit(), 'visit 1\n');
  assert.equal(await visit(), 'visit 2\n');
  const visitor = browser.cookie;
  assert.match(visitor, /^sid=/);
  assert.equal((await browser.ask('POST', '/login')).status, 200);
  assert.match(browser.cookie, /^user-sid=[^;]+$/);
  const planted = openBrowser(url);
  planted.cookie = visitor;
  assert.equal(await (await planted.ask('GET', '/')).text(), 'visit 1\n', 'the old id is dead');
  assert.equal(await visit(), 'visit 4\n');
  const user = browser.cookie;
  assert.equal((await browser.ask('POST', '/logout')).status, 200);
  assert.equal(browser.cookie, '');
  browser.cookie = user;
  assert.equal(await visit(), 'visit 1\n', 'the session has ended');
}
