/**
 * Three nodes of a Galera cluster behind HAProxy, and three processes of ours that share their sessions
 * in it, each by a port that prefers another node: what was confirmed is not lost, and what was ended
 * is not back, when nodes and processes fail.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../lib/db/queries.ts';
import { createDatabaseStore } from '../../lib/db/session-store.ts';
import { openAt, PASSWORD, USER } from '../support/fault-database.ts';
import { untilAnswered } from '../support/fault-private.ts';
import {
  copyProject,
  startProcess,
  type TestProcess,
  temporaryFolder,
  until,
} from '../support/process.ts';
import { runSequence, type SequenceSettings } from '../support/session-sequence.ts';
import { noCluster, startCluster } from './galera.ts';
import { startProxy } from './haproxy.ts';
import { startClusterLoad } from './load.ts';

const SEQUENCES = 20;
const VISITORS = 12;
/** How long the load runs before, between and after the faults, in ms. */
const CALM_MS = 4000;
/** So soon after a fault every process answers again, in ms. */
const HEALED_MS = 10_000;

/** `DATABASE_URL` of the cluster, by a port of the proxy. */
function urlOf(port: number | undefined): string {
  return `mysql://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/ajax`;
}

/** One database, each statement of which goes to any of the nodes. */
async function spread(t: TestContext, ports: readonly number[]): Promise<Database> {
  const databases = ports.map((port) => openAt(t, { href: urlOf(port) }));
  await Promise.all(databases.map(untilAnswered));
  const any = () => databases[randomInt(databases.length)] as Database; // there is one
  return {
    select: (sql, values) => any().select(sql, values),
    insert: (sql, values) => any().insert(sql, values),
    update: (sql, values) => any().update(sql, values),
    now: () => any().now(),
    close: async () => {},
  };
}

describe('on a cluster of three nodes', { skip: noCluster() }, () => {
  test('random sequences end as the model says, and nothing confirmed is lost', async (t) => {
    const nodes = await startCluster(t, 3);
    const ports = await startProxy(t, nodes);

    await t.test('each statement on any node', async () => {
      const database = await spread(t, ports);
      const seed = randomInt(2 ** 31);
      for (let count = 0; count < SEQUENCES; count += 1) {
        const open = async ({ now, ...settings }: SequenceSettings) => {
          await database.update('DELETE FROM sessions', []);
          const clocked = { ...database, now: () => String(now()) };
          return createDatabaseStore({ ...settings, database: clocked, touchIntervalMs: 0 });
        };
        await runSequence(seed + count, open, false);
      }
    });

    await t.test(
      'a load, while nodes and a process are killed, stopped and come back',
      async () => {
        const folder = await copyProject(await temporaryFolder(t));
        const start = (index: number): Promise<TestProcess> => {
          const DATABASE_URL = urlOf(ports[index]);
          const env = { SESSION_STORE: 'database', SECRET_KEY: 'k'.repeat(32), DATABASE_URL };
          return startProcess(t, folder, { env });
        };
        const processes = await Promise.all([0, 1, 2].map(start));
        const urls = processes.map(({ url }) => url);
        const untilHealed = () =>
          until(
            'every process to answer',
            async () => {
              const answers = urls.map(async (url) => {
                const signal = AbortSignal.timeout(2000);
                return (await fetch(`${url}/readyz`, { signal })).status === 200;
              });
              return (await Promise.all(answers).catch(() => [false])).every(Boolean);
            },
            HEALED_MS,
          );
        await untilHealed();
        const load = startClusterLoad(t, urls, VISITORS);
        const [first, second, third] = nodes;
        assert.ok(first && second && third);

        await sleep(CALM_MS);
        second.kill('SIGKILL');
        await untilHealed();
        await second.start();
        await sleep(CALM_MS);

        third.kill('SIGSTOP');
        await untilHealed();
        third.kill('SIGCONT');
        await third.untilSynced();
        await untilHealed();
        await sleep(CALM_MS);

        processes[0]?.kill('SIGKILL');
        const again = await start(0);
        urls[0] = again.url;
        await untilHealed();
        await sleep(CALM_MS);

        await untilHealed();
        await load.stop();
        const { writes, logouts, failures } = load.account;
        t.diagnostic(`${writes} writes and ${logouts} logouts confirmed, ${failures} failures`);
        assert.ok(writes > 500 && logouts > 20, `${writes} writes, ${logouts} logouts`);
      },
    );
  });
});
