/**
 * A Galera cluster on this machine, from `galera-4` and `mariadb-server-core` alone. All nodes are
 * copies of one that has been a cluster by itself and stands still, so they need nothing from each
 * other when they begin.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { applySchema } from '../../lib/db/schema.ts';
import { findServerProgram, serverArgs } from '../../lib/db/server-program.ts';
import { freePort, PASSWORD, USER } from '../support/fault-database.ts';
import { putData } from '../support/fault-private.ts';
import { endProcess, isRunning, temporaryFolder, until } from '../support/process.ts';

/** Debian's names for it. */
const PROVIDERS = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera/libgalera_smm.so'];
const SCRIPT = fileURLToPath(new URL('wsrep_sst_local', import.meta.url));
const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** Why there can be no cluster here; `false` if there can. Under CI that is a failure. */
export function noCluster(): string | false {
  if (process.env.CLUSTER === undefined) return 'starts a cluster: npm run test:cluster';
  if (PROVIDERS.some((path) => existsSync(path))) return false;
  if (process.env.CI) throw new Error('galera-4 is missing');
  return 'get Galera with: apt-get install -y galera-4';
}

export interface Node {
  readonly port: number;
  /** Starts it again after it was killed, and waits until it has all that the others have. */
  start(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Waits until it takes part again. */
  untilSynced(): Promise<void>;
}

/** So many nodes, all in step, with a user `learner` and the tables in `ajax`. */
export async function startCluster(t: TestContext, count: number): Promise<Node[]> {
  const folder = await temporaryFolder(t, 'ajax-cluster-');
  await chmod(folder, 0o755);
  await copyFile(SCRIPT, join(folder, 'wsrep_sst_local'));
  const ports = await Promise.all(
    Array.from({ length: count }, async () => [
      await freePort(),
      await freePort(),
      await freePort(),
    ]),
  );
  const group = ports.map(([, port]) => `127.0.0.1:${port}`).join(',');

  const first = await node(folder, 'base', ports[0] ?? [], '');
  await putData(join(folder, 'base'));
  await first.launch(['--wsrep-new-cluster']);
  const root = { socketPath: first.socket, user: 'root' };
  await applySchema({ ...root, database: 'ajax' });
  await first.sql(`CREATE USER '${USER}'@'%' IDENTIFIED BY '${PASSWORD}';
    GRANT ALL ON *.* TO '${USER}'@'%'`);
  await first.end();

  const nodes = await Promise.all(
    ports.map(async (own, index) => {
      await cp(join(folder, 'base'), join(folder, `n${index}`), { recursive: true });
      return node(folder, `n${index}`, own, group);
    }),
  );
  await Promise.all(
    nodes.map((one, index) => one.launch(index === 0 ? ['--wsrep-new-cluster'] : [])),
  );
  return nodes;
}

async function node(folder: string, name: string, ports: readonly number[], group: string) {
  const home = join(folder, name);
  const data = join(home, 'db');
  const socket = join(home, 'db.sock');
  const [port = 0, groupPort, transferPort] = ports;
  const program = await findServerProgram();
  const common = serverArgs(program, data, socket, join(home, 'db.pid'))
    .filter((arg) => arg !== '--skip-networking' && arg !== '-uroot')
    .concat(isRoot ? ['--user=nobody'] : []);
  const provider = PROVIDERS.find((path) => existsSync(path));
  const wsrep = [
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--innodb-buffer-pool-size=32M',
    '--performance-schema=OFF',
    // Who is killed loses what was not yet written to the disk, and gets it back from the others.
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-autoinc-lock-mode=2',
    '--binlog-format=ROW',
    '--wsrep-on=ON',
    `--wsrep-provider=${provider}`,
    '--wsrep-cluster-name=ajax-test',
    `--wsrep-cluster-address=gcomm://${group}`,
    `--wsrep-node-name=${name}`,
    `--wsrep-node-address=127.0.0.1:${groupPort}`,
    '--wsrep-sst-method=local',
    `--wsrep-provider-options=${[
      `gmcast.listen_addr=tcp://127.0.0.1:${groupPort}`,
      `ist.recv_addr=127.0.0.1:${transferPort}`,
      'gcache.size=32M',
      'evs.keepalive_period=PT0.5S',
      'evs.inactive_check_period=PT0.5S',
      'evs.suspect_timeout=PT2S',
      'evs.inactive_timeout=PT5S',
      'evs.install_timeout=PT5S',
      'socket.ssl=no',
    ].join(';')}`,
  ];
  let pid: number | undefined;

  async function sql(statements: string): Promise<RowDataPacket[]> {
    const options = { socketPath: socket, user: 'root', multipleStatements: true };
    const connection = await createConnection(options);
    connection.on('error', () => {});
    try {
      return (await connection.query<RowDataPacket[]>(statements))[0];
    } finally {
      connection.destroy();
    }
  }

  async function untilSynced(): Promise<void> {
    const state = "SHOW STATUS LIKE 'wsrep_local_state_comment'";
    await until(`${name} to be in step`, async () => {
      if (pid === undefined || !isRunning(pid)) throw new Error(await complaint(home));
      return sql(state).then(
        ([row]) => row?.Value === 'Synced',
        () => false,
      );
    });
  }

  /** Starts it with further arguments. */
  async function launch(more: readonly string[]): Promise<void> {
    if (isRoot) await run('chown', ['-R', 'nobody', home]);
    const log = await open(join(home, 'log'), 'a');
    const PATH = `${folder}:${process.env.PATH}`;
    pid = spawn(program, [...common, ...wsrep, ...more], {
      env: { ...process.env, PATH },
      stdio: ['ignore', log.fd, log.fd],
    }).pid;
    await log.close();
    await untilSynced();
  }

  /** Where the data of one that was killed has got to. */
  async function position(): Promise<string> {
    const { stderr } = await run(program, [...common, ...wsrep, '--wsrep-recover']);
    const [, found] = /Recovered position: (\S+)/.exec(stderr) ?? [];
    if (found === undefined) throw new Error(`no position in: ${stderr}`);
    return found;
  }

  return {
    port,
    socket,
    sql,
    launch,
    untilSynced,
    start: async () => launch([`--wsrep-start-position=${await position()}`]),
    kill(signal: NodeJS.Signals) {
      if (pid !== undefined) process.kill(pid, signal);
    },
    /** Stops it in order. */
    async end() {
      if (pid !== undefined) await endProcess(pid, 20_000);
    },
  };
}

async function complaint(home: string): Promise<string> {
  const log = await readFile(join(home, 'log'), 'utf8').catch(() => '');
  return `a node has ended: ${log.split('\n').slice(-15).join('\n')}`;
}
