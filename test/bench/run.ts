/**
 * The benchmark: ours, a bare server and other frameworks on one database, side by side. Each
 * answer is checked before the load begins. Within a round every server has its turn with the same
 * workload, so that a machine that becomes slower does so for all of them. In each round all are
 * started anew, and every other round goes backwards: of two runs of one program, one may be 7 %
 * quicker, and who comes first has an advantage.
 *
 * BENCH_SECONDS (4): the length of one load. BENCH_ROUNDS (4): how many times each is measured.
 * BENCH_ONLY: names of servers and workloads, separated by commas; all if left out.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDatabase, USERS } from './database.ts';
import { type Life, live } from './life.ts';
import { chooseLoadGenerator, type LoadGenerator } from './load.ts';
import { count, type Measured, measure } from './measure.ts';
import { type ServerProcess, startServer } from './process.ts';
import { copyProject } from './project.ts';
import { markdown } from './report.ts';
import { type BenchServer, flaskServer, otherServers, ourServer } from './servers.ts';
import { checkWorkloads, prepareWorkloads, type Workload } from './workloads.ts';

/** A server in one round. */
interface Contestant extends ServerProcess {
  readonly name: string;
  readonly workloads: readonly Workload[];
}

const WARM_UP_SECONDS = 2;

await live(async (life) => {
  const seconds = count('BENCH_SECONDS', 4);
  const rounds = count('BENCH_ROUNDS', 4);
  const folder = await copyProject(life);
  const page = await readFile(join(folder, 'static/index.html'));
  tell('filling the database');
  const database = await startDatabase(life, folder);
  const flask = await flaskServer(folder, database.socketPath);
  const all = [ourServer(folder), ...(await otherServers(folder, database.socketPath))];
  if (typeof flask !== 'string') all.push(flask);
  const servers = chosen(all);
  const generator = await chooseLoadGenerator(life, folder);
  const results = new Map(servers.map(({ name }) => [name, new Map<string, Measured[]>()]));
  let workloads: readonly Workload[] = [];

  for (let round = 1; round <= rounds; round += 1) {
    tell(`round ${round} of ${rounds}`);
    const contestants: Contestant[] = [];
    for (const server of servers) contestants.push(await enter(life, server, page));
    workloads = contestants[0]?.workloads ?? [];
    if (round % 2 === 0) contestants.reverse();
    for (const { name } of workloads) {
      for (const contestant of contestants) {
        const figures = await run(generator, contestant, name, seconds);
        const measured = results.get(contestant.name);
        measured?.set(name, [...(measured.get(name) ?? []), figures]);
      }
    }
    for (const contestant of contestants) await contestant.end();
  }

  const notes = [
    `${generator.title}; median of ${rounds} rounds of ${seconds} s each`,
    `database ${database.version} with ${USERS.toLocaleString('en')} users`,
    `the page has ${page.length.toLocaleString('en')} bytes, sent uncompressed`,
  ];
  if (typeof flask === 'string') notes.push(`Flask is left out: ${flask}`);
  console.log(markdown({ servers, workloads, results, notes }));
});

/** Starts a server and makes sure that it does the work. */
async function enter(life: Life, server: BenchServer, page: Buffer): Promise<Contestant> {
  const started = await startServer(life, server.command);
  const workloads = await prepareWorkloads(started.url, page);
  await checkWorkloads(started.url, workloads);
  return { ...started, name: server.name, workloads: chosen(workloads) };
}

/** One workload on one server, after a moment to become warm. */
async function run(
  generator: LoadGenerator,
  contestant: Contestant,
  workload: string,
  seconds: number,
): Promise<Measured> {
  const { requests = [] } = contestant.workloads.find(({ name }) => name === workload) ?? {};
  try {
    await measure(generator, contestant, requests, WARM_UP_SECONDS);
    const figures = await measure(generator, contestant, requests, seconds);
    tell(`${workload}, ${contestant.name}: ${Math.round(figures.perSecond)}/s`);
    return figures;
  } catch (error) {
    throw new Error(`${contestant.name}, ${workload}: ${String(error)}`);
  }
}

/** Those that are named in BENCH_ONLY, or all if none of their kind is. */
function chosen<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  const names = (process.env.BENCH_ONLY ?? '').split(',').map((name) => name.trim());
  const some = all.filter(({ name }) => names.includes(name));
  return some.length > 0 ? some : all;
}

/** How far it is, beside the report. */
function tell(line: string): void {
  console.error(line);
}
