/**
 * Where our server's time goes: each workload under a load of its own, with V8's sampling profiler
 * on (`--cpu-prof`), and then the functions in which most of the time was spent. The bare server
 * can be read the same way, for comparison.
 *
 * PROFILE_SECONDS (5), PROFILE_TOP (25), PROFILE_SERVER (`ours` or `bare`).
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDatabase } from './database.ts';
import { type Life, live } from './life.ts';
import { chooseLoadGenerator } from './load.ts';
import { count } from './measure.ts';
import { startServer } from './process.ts';
import { copyProject } from './project.ts';
import { BARE, type BenchServer, otherServers, ourServer } from './servers.ts';
import { prepareWorkloads } from './workloads.ts';

/** What is read of a `.cpuprofile`; times are in µs, by the system's monotonic clock. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const seconds = count('PROFILE_SECONDS', 5);
const top = count('PROFILE_TOP', 25);
const MAX_NAME = 60;
const WARM_UP_SECONDS = 2;
const WORKLOADS = ['page', 'check-uname', 'session-read', 'session-write'];

await live(async (life) => {
  const folder = await copyProject(life);
  const { socketPath } = await startDatabase(life, folder);
  for (const name of WORKLOADS) {
    const profiles = join(folder, 'profiles', name);
    const server = await profiledServer(folder, socketPath, profiles);
    const between = await loadOnce(life, folder, server, name);
    const [file = ''] = await readdir(profiles);
    // V8 writes it in this form.
    const profile = JSON.parse(await readFile(join(profiles, file), 'utf8')) as Profile;
    console.log([`\n## ${server.name}, ${name}`, ...tablesOf(profile, between)].join('\n'));
  }
});

async function profiledServer(
  folder: string,
  socketPath: string,
  profiles: string,
): Promise<BenchServer> {
  const options = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const ours = ourServer(folder);
  const bare = (await otherServers(folder, socketPath)).find(({ name }) => name === BARE) ?? ours;
  const server = process.env.PROFILE_SERVER === BARE ? bare : ours;
  const [node = '', ...args] = server.command.command;
  return { ...server, command: { ...server.command, command: [node, ...options, ...args] } };
}

/** @returns when the load began and ended, in µs */
async function loadOnce(life: Life, folder: string, server: BenchServer, workload: string) {
  const { url, end } = await startServer(life, server.command);
  const page = await readFile(join(folder, 'static/index.html'));
  const workloads = await prepareWorkloads(url, page);
  const requests = workloads.find(({ name }) => name === workload)?.requests ?? [];
  const generator = await chooseLoadGenerator(life, folder);
  await generator.load(url, requests, WARM_UP_SECONDS);
  const from = microseconds();
  await generator.load(url, requests, seconds);
  const to = microseconds();
  await end();
  return { from, to };
}

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/**
 * Where the most time of their own was spent, without what is called from there: functions, and
 * files.
 */
function tablesOf(profile: Profile, { from, to }: { from: number; to: number }): string[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let at = profile.startTime;
  profile.samples.forEach((node, index) => {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    const { functionName = '', url = '' } = frames.get(node) ?? {};
    if (at < from || at > to || functionName === '(idle)') return;
    const file = url.replace(/^file:\/\//, '').replace(/^.*\/(?=(lib|programs)\/)/, '');
    // A regular expression's name is its whole source.
    const name = functionName.slice(0, MAX_NAME) || '(anonymous)';
    add(functions, `${name} ${file}`, delta);
    // What has no file is Node's own, in C++.
    add(files, file || name, delta);
  });
  return ['', ...rows('function', functions), '', ...rows('file', files)];
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

function rows(title: string, times: ReadonlyMap<string, number>): string[] {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const most = [...times].sort(([, a], [, b]) => b - a).slice(0, top);
  const shares = most.map(([name, time]) => `| ${((100 * time) / total).toFixed(1)} % | ${name} |`);
  return [`| own time | ${title} |`, '| ---: | --- |', ...shares];
}
