/**
 * The benchmark: ours, a bare server and other frameworks on one database, side by side. Each
 * answer is checked before the load begins. Within a round every server has its turn with the same
 * workload, so that a machine that becomes slower does so for all of them.
 *
 * BENCH_SECONDS (5): the length of one load. BENCH_ROUNDS (3): how many times each is measured.
 * BENCH_ONLY: names of servers and workloads, separated by commas; all if left out.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDatabase, USERS } from './database.ts';
import { type Life, live } from './life.ts';
import { chooseLoadGenerator } from './load.ts';
import { count, type Measured, measure } from './measure.ts';
import { startServer } from './process.ts';
import { copyProject } from './project.ts';
import { markdown } from './report.ts';
import { type BenchServer, flaskServer, otherServers, ourServer } from './servers.ts';
import { checkWorkloads, prepareWorkloads, type Workload } from './workloads.ts';

interface Contestant extends BenchServer {
  readonly url: string;
  readonly pid: number;
  readonly workloads: readonly Workload[];
  /** By the workload's name. */
  readonly measured: Map<string, Measured[]>;
}

const WARM_UP_SECONDS = 2;

await live(async (life) => {
  const seconds = count('BENCH_SECONDS', 5);
  const rounds = count('BENCH_ROUNDS', 3);
  const folder = await copyProject(life);
  const page = await readFile(join(folder, 'static/index.html'));
  tell('filling the database');
  const database = await startDatabase(life, folder);
  const flask = await flaskServer(folder, database.socketPath);
  const servers = [ourServer(folder), ...(await otherServers(folder, database.socketPath))];
  if (typeof flask !== 'string') servers.push(flask);

  const contestants: Contestant[] = [];
  for (const server of chosen(servers)) contestants.push(await enter(life, server, page));
  const workloads = contestants[0]?.workloads ?? [];
  const generator = await chooseLoadGenerator(life, folder);

  for (let round = 0; round <= rounds; round += 1) {
    for (const { name } of workloads) {
      for (const contestant of contestants) {
        // Round 0 is the warm-up.
        const length = round === 0 ? WARM_UP_SECONDS : seconds;
        const { requests = [] } = contestant.workloads.find((own) => own.name === name) ?? {};
        const figures = await measure(generator, contestant, requests, length).catch((error) => {
          throw new Error(`${contestant.name}, ${name}: ${error.message}`);
        });
        const perSecond = Math.round(figures.perSecond);
        tell(`round ${round} of ${rounds}, ${name}, ${contestant.name}: ${perSecond}/s`);
        if (round > 0) contestant.measured.get(name)?.push(figures);
      }
    }
  }

  const notes = [
    `${generator.title}; median of ${rounds} rounds of ${seconds} s each`,
    `database ${database.version} with ${USERS.toLocaleString('en')} users`,
    `the page has ${page.length.toLocaleString('en')} bytes, sent uncompressed`,
  ];
  if (typeof flask === 'string') notes.push(`Flask is left out: ${flask}`);
  const results = new Map(contestants.map(({ name, measured }) => [name, measured]));
  console.log(markdown({ servers: contestants, workloads, results, notes }));
});

/** Starts a server and makes sure that it does the work. */
async function enter(life: Life, server: BenchServer, page: Buffer): Promise<Contestant> {
  tell(`starting ${server.name}`);
  const { url, pid } = await startServer(life, server.command);
  const workloads = await prepareWorkloads(url, page);
  await checkWorkloads(url, workloads);
  const measured = new Map(workloads.map(({ name }) => [name, []]));
  return { ...server, url, pid, workloads: chosen(workloads), measured };
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
