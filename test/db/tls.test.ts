/**
 * TLS to the database: an encrypted connection to somebody else is worth nothing, so the
 * certificate must be the server's own. Those in `support/tls/` were signed by an authority whose
 * key was thrown away.
 */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DatabaseUnavailable } from '../../lib/db/errors.ts';
import { findServerProgram } from '../../lib/db/server-program.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { openAt, tcpServer, USER } from '../support/fault-database.ts';
import {
  copyProject,
  startProcess,
  type TestProcess,
  temporaryFolder,
  until,
  untilReady,
} from '../support/process.ts';

const file = (name: string) => fileURLToPath(new URL(`../support/tls/${name}`, import.meta.url));

/** `DATABASE_URL` of a database that shows a certificate, and takes nobody who does not encrypt. */
async function startDatabase(t: TestContext, certificate: string): Promise<URL> {
  const tls = [`--ssl-cert=${file(certificate)}`, `--ssl-key=${file('server.key')}`];
  const database = await tcpServer(t, tls);
  await database.start();
  await database.sql(`ALTER USER '${USER}'@'%' REQUIRE SSL`);
  const url = database.url();
  url.hostname = 'localhost';
  url.search = '?ssl=true';
  return url;
}

/** Ours, in a process that trusts the authority. */
async function startTrusting(t: TestContext, url: URL): Promise<TestProcess> {
  const env = { DATABASE_URL: url.href, NODE_EXTRA_CA_CERTS: file('ca.crt') };
  return startProcess(t, await copyProject(await temporaryFolder(t)), { env });
}

describe('DATABASE_URL with ?ssl=true', { skip: noDatabaseProgram, concurrency: 2 }, () => {
  test('takes a certificate of that name by an authority that is trusted, and no other', async (t) => {
    const url = await startDatabase(t, 'localhost.crt');
    const server = await startTrusting(t, url);
    await untilReady(server);
    const response = await fetch(`${server.url}/check-uname?uname=admin`);
    assert.deepEqual(await response.json(), { uname: 'admin', exists: true });

    // We ourselves do not trust it.
    const said: string[] = [];
    await assert.rejects(openAt(t, url, said).select('SELECT 1', []), DatabaseUnavailable);
    assert.match(said.join(), /^database not available: .*certificate/);
  });

  test('refuses a certificate of another name, and says so', async (t) => {
    const server = await startTrusting(t, await startDatabase(t, 'elsewhere.crt'));
    assert.equal((await fetch(`${server.url}/readyz`)).status, 503);
    await until('the line', () => server.stdout().includes('database not available: '));
    assert.match(server.stdout(), /does not match certificate's altnames/);
  });

  test('to a server without TLS says that in one line, and sends it no password', async (t) => {
    const isMariadb = (await findServerProgram()).endsWith('mariadbd');
    const server = await tcpServer(t, [isMariadb ? '--skip-ssl' : '--tls-version=']);
    await server.start();
    const url = server.url();
    url.hostname = 'localhost';
    url.search = '?ssl=true';
    const said: string[] = [];
    await assert.rejects(openAt(t, url, said).select('SELECT 1', []), DatabaseUnavailable);
    assert.deepEqual(said, ['database not available: Server does not support secure connection']);
  });
});
