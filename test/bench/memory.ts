/**
 * A million sessions: what each of them costs, for how long the server pauses while they are swept
 * away, and whether it is slower while it holds them. Run: node --import tsx test/bench/memory.ts
 *
 * BENCH_SESSIONS (1000000), BENCH_SECONDS (5), BENCH_ROUNDS (4).
 */
import { holdSessions, type Pause } from './held.ts';
import { type Life, live } from './life.ts';
import { chooseLoadGenerator, type LoadGenerator } from './load.ts';
import { count, type Measured, measure, median } from './measure.ts';
import { type ServerProcess, startServer } from './process.ts';
import { copyProject } from './project.ts';
import { machine } from './report.ts';
import { ourServer } from './servers.ts';
import { newSession, prepareSessionWorkloads, STRANGER, type Workload } from './workloads.ts';

interface Holder {
  readonly server: ServerProcess;
  readonly workloads: readonly Workload[];
}

const FEW = 1000;
const FILL_SECONDS = 5;
const WARM_UP_SECONDS = 2;
/** No database is needed, and so none is waited for. */
const NO_DATABASE = 'mysql://nobody@127.0.0.1:1/ajax';

await live(async (life) => {
  const many = count('BENCH_SESSIONS', 1_000_000);
  const { bytes, dataBytes, longestTurn, longestSweep } = await holdSessions(many);
  const own = (bytes - dataBytes).toFixed(0);
  console.log(`- ${machine()}`);
  console.log(`- ${many.toLocaleString('en')} sessions: ${bytes.toFixed(0)} bytes each`);
  console.log(`- of these, ${own} bytes each beyond the value, a text of 32 letters`);
  console.log(`- longest turn of the event loop while they are swept: ${inMs(longestTurn)}`);
  console.log(`- longest single call of the sweep: ${inMs(longestSweep)}`);

  const folder = await copyProject(life);
  const generator = await chooseLoadGenerator(life, folder);
  const little = await holder(life, folder, async (url) => {
    for (let held = 0; held < FEW; held += 1) await newSession(url);
  });
  const much = await holder(life, folder, async (url) => {
    for (let held = 0; held < many; ) {
      const { perSecond } = await generator.load(url, [STRANGER], FILL_SECONDS);
      held += perSecond * FILL_SECONDS;
    }
  });
  for (const name of ['session-read', 'session-write']) {
    console.log(`- ${name}: ${await compare(generator, little, much, name)}`);
  }
});

/** A server of ours that holds sessions. */
async function holder(
  life: Life,
  folder: string,
  fill: (url: string) => Promise<void>,
): Promise<Holder> {
  const { command } = ourServer(folder);
  const env = { ...command.env, DATABASE_URL: NO_DATABASE, SESSION_LIMIT: '10000000' };
  const server = await startServer(life, { ...command, env });
  await fill(server.url);
  return { server, workloads: await prepareSessionWorkloads(server.url) };
}

function inMs({ ms, cpuMs }: Pause): string {
  return `${ms.toFixed(2)} ms (at most ${cpuMs.toFixed(2)} ms of processor time)`;
}

/** The same load on both in turn. */
async function compare(
  generator: LoadGenerator,
  little: Holder,
  much: Holder,
  workload: string,
): Promise<string> {
  const load = ({ server, workloads }: Holder, seconds: number) => {
    const { requests = [] } = workloads.find(({ name }) => name === workload) ?? {};
    return measure(generator, server, requests, seconds);
  };
  await load(little, WARM_UP_SECONDS);
  await load(much, WARM_UP_SECONDS);
  const rounds: { few: Measured; many: Measured }[] = [];
  for (let left = count('BENCH_ROUNDS', 4); left > 0; left -= 1) {
    const seconds = count('BENCH_SECONDS', 5);
    // Each is the first as often as the second.
    const before = left % 2 === 0 ? undefined : await load(much, seconds);
    const few = await load(little, seconds);
    rounds.push({ few, many: before ?? (await load(much, seconds)) });
  }
  const times = (figure: 'perSecond' | 'cpuUs') =>
    median(rounds.map(({ few, many }) => many[figure] / few[figure])).toFixed(2);
  const few = median(rounds.map((round) => round.few.perSecond)).toFixed(0);
  const many = median(rounds.map((round) => round.many.perSecond)).toFixed(0);
  return (
    `${few}/s with ${FEW} held, ${many}/s with all held: ${times('perSecond')} times; ` +
    `processor time for one request: ${times('cpuUs')} times`
  );
}
