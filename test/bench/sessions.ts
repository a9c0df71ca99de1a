/**
 * Where sessions can live, side by side: in memory and in the database with ours, and elsewhere with
 * others. How fast a session is read and written, and how many of 200 writes that come at once to
 * ten sessions are still there afterwards.
 *
 * BENCH_SECONDS (4), BENCH_ROUNDS (4): as for the benchmark itself.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDatabase } from './database.ts';
import { type Life, live } from './life.ts';
import { chooseLoadGenerator } from './load.ts';
import { count, type Measured, measure, median } from './measure.ts';
import { startServer } from './process.ts';
import { copyProject } from './project.ts';
import { machine } from './report.ts';
import { type BenchServer, otherServers, ourServer } from './servers.ts';
import { newSession, prepareSessionWorkloads } from './workloads.ts';

const SESSIONS = 10;
const KEYS = 20;
const WARM_UP_SECONDS = 2;

await live(async (life) => {
  const seconds = count('BENCH_SECONDS', 4);
  const rounds = count('BENCH_ROUNDS', 4);
  const folder = await copyProject(life);
  const { socketPath, version } = await startDatabase(life, folder);
  const redis = await startRedis(life, folder);
  const servers = await storesOf(folder, socketPath, redis);
  const generator = await chooseLoadGenerator(life, folder);
  /** Server → workload → what was measured in each round. */
  const results = new Map(servers.map(({ name }) => [name, new Map<string, Measured[]>()]));
  const kept = new Map<string, number>();

  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds}`);
    for (const server of round % 2 === 0 ? [...servers].reverse() : servers) {
      const started = await startServer(life, server.command);
      if (round === 1) kept.set(server.name, await countKept(started.url));
      for (const { name, requests } of (await prepareSessionWorkloads(started.url)).reverse()) {
        await measure(generator, started, requests, WARM_UP_SECONDS);
        const figures = await measure(generator, started, requests, seconds);
        const measured = results.get(server.name);
        measured?.set(name, [...(measured.get(name) ?? []), figures]);
      }
      await started.end();
    }
  }

  const cell = (server: string, workload: string) => {
    const of = (name: string) =>
      (results.get(name)?.get(workload) ?? []).map((one) => one.perSecond);
    const own = of(server);
    const ratio = median(own.map((value, round) => value / (of('memory')[round] ?? Number.NaN)));
    return `${Math.round(median(own)).toLocaleString('en')} (${ratio.toFixed(2)})`;
  };
  const rows = servers.map(({ name, title }) => [
    title,
    cell(name, 'session-read'),
    cell(name, 'session-write'),
    `${kept.get(name)} of ${SESSIONS * KEYS}`,
  ]);
  const head = ['', 'session read', 'session write', 'of writes at once, kept'];
  console.log(
    [
      `- ${machine()}`,
      `- ${generator.title}; median of ${rounds} rounds of ${seconds} s each; database ${version}`,
      '',
      'Requests per second, and how many times the store in memory in the same round:',
      '',
      ...[head, ['---', '---:', '---:', '---:'], ...rows].map((row) => `| ${row.join(' | ')} |`),
    ].join('\n'),
  );
});

async function storesOf(folder: string, socket: string, redis: string): Promise<BenchServer[]> {
  const ours = ourServer(folder);
  const others = await otherServers(folder, socket);
  const withEnv = (server: BenchServer | undefined, name: string, title: string, env: object) => {
    if (server === undefined) throw new Error(`${name} is not among the others`);
    const command = { ...server.command, env: { ...server.command.env, ...env } };
    return { name, title, command };
  };
  const named = (wanted: string) => others.find(({ name }) => name === wanted);
  const store = (BENCH_STORE: string) => ({ BENCH_STORE, BENCH_REDIS: redis });
  return [
    withEnv(ours, 'memory', 'this server, sessions in memory', {}),
    withEnv(ours, 'database', 'this server, in the database', { SESSION_STORE: 'database' }),
    withEnv(named('fastify'), 'fastify-redis', '@fastify/session, connect-redis', store('redis')),
    withEnv(named('express'), 'express-redis', 'express-session, connect-redis', store('redis')),
    withEnv(named('express'), 'express-mysql', 'express-mysql-session', store('mysql')),
  ];
}

/** Writes many keys of a few sessions at once. @returns how many can be read afterwards */
async function countKept(url: string): Promise<number> {
  const cookies = await Promise.all(Array.from({ length: SESSIONS }, () => newSession(url)));
  const all = cookies.flatMap((cookie) =>
    Array.from({ length: KEYS }, (_, number) => ({ cookie, path: `${url}/session/key${number}` })),
  );
  const write = ({ cookie, path }: (typeof all)[number]) =>
    fetch(path, {
      method: 'PUT',
      headers: { cookie },
      body: new URLSearchParams({ value: 'kept' }),
    });
  for (const response of await Promise.all(all.map(write))) await response.text();
  const found = all.map(async ({ cookie, path }) => {
    const response = await fetch(path, { headers: { cookie } });
    const { value } = (await response.json()) as { value?: string }; // what every server answers
    return value === 'kept';
  });
  return (await Promise.all(found)).filter(Boolean).length;
}

/** A Redis that keeps nothing. @returns its socket */
async function startRedis(life: Life, folder: string): Promise<string> {
  const socket = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', args, { stdio: 'ignore' });
  redis.on('error', (error) => console.error(`redis-server: ${error.message}`));
  life.atEnd(() => void redis.kill());
  await sleep(500);
  return socket;
}
