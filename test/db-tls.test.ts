/**
 * TLS to the database: an encrypted connection to somebody else is worth nothing, so the
 * certificate must be the server's own. Those in `support/tls/` were signed by an authority whose
 * key nobody has any more.
 */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { noDatabaseProgram } from './support/database.ts';
import { tcpServer, USER } from './support/fault-database.ts';
import {
  copyProject,
  startProcess,
  type TestProcess,
  temporaryFolder,
  until,
  untilReady,
} from './support/process.ts';

const file = (name: string) => fileURLToPath(new URL(`support/tls/${name}`, import.meta.url));

/**
 * A database that shows a certificate, and takes nobody who does not encrypt; and ours, connected
 * to it by name.
 */
async function start(t: TestContext, certificate: string, trusted?: string): Promise<TestProcess> {
  const tls = [`--ssl-cert=${file(certificate)}`, `--ssl-key=${file('server.key')}`];
  const database = await tcpServer(t, tls);
  await database.start();
  await database.sql(`ALTER USER '${USER}'@'%' REQUIRE SSL`);
  const url = database.url();
  url.hostname = 'localhost';
  url.search = '?ssl=true';
  const env = {
    DATABASE_URL: url.href,
    NODE_EXTRA_CA_CERTS: trusted === undefined ? '' : file(trusted),
  };
  return startProcess(t, await copyProject(await temporaryFolder(t)), { env });
}

describe('DATABASE_URL with ?ssl=true', { skip: noDatabaseProgram, concurrency: 2 }, () => {
  test('takes a certificate of that name, by an authority that is trusted', async (t) => {
    const server = await start(t, 'localhost.crt', 'ca.crt');
    await untilReady(server);
    const response = await fetch(`${server.url}/check-uname?uname=admin`);
    assert.deepEqual(await response.json(), { uname: 'admin', exists: true });
  });

  const refused: [what: string, certificate: string, trusted: string | undefined, why: RegExp][] = [
    ['of another name', 'elsewhere.crt', 'ca.crt', /does not match certificate's altnames/],
    ['by an authority that is not trusted', 'localhost.crt', undefined, /certificate/],
  ];
  for (const [what, certificate, trusted, why] of refused) {
    test(`refuses a certificate ${what}, and says so`, async (t) => {
      const server = await start(t, certificate, trusted);
      assert.equal((await fetch(`${server.url}/readyz`)).status, 503);
      await until('the line', () => server.stdout().includes('database not available: '));
      assert.match(server.stdout(), why);
    });
  }
});
