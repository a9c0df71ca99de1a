/**
 * From the start to the first answer: `npm start` the first time, when the database is made, and
 * the second time; and `node server.ts` without the database. Run: node --import tsx
 * test/bench/start.ts
 *
 * BENCH_ROUNDS (5): how many times each. BENCH_NODE: a Node that strips types by itself, if this
 * one does not; if left out, one from the npm registry.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Life, live } from './life.ts';
import { count, median } from './measure.ts';
import { type ServerCommand, startServer } from './process.ts';
import { copyProject } from './project.ts';
import { machine } from './report.ts';
import { stripsTypes } from './servers.ts';

const NPX_NODE = ['-y', 'node@24', '-p', 'process.execPath'];
/** There is none: what needs no database must not wait for it. */
const NO_DATABASE = 'mysql://nobody@127.0.0.1:1/ajax';
const PAGE = '/';
/** Answered out of the database, with somebody who is in the seed. */
const QUESTION = '/check-uname?uname=admin';

await live(async (life) => {
  const rounds = count('BENCH_ROUNDS', 5);
  const stripping = await strippingNode();
  // What `fetch` needs is loaded with the first one.
  await fetch('http://127.0.0.1:1/').catch(() => {});
  const times: { first: number[]; second: number[]; bare: number[] } = {
    first: [],
    second: [],
    bare: [],
  };
  for (let left = rounds; left > 0; left -= 1) {
    const cwd = await copyProject(life);
    const npm = { command: ['npm', 'start'], cwd, env: { PORT: '0' } };
    times.first.push(await msToAnswer(life, npm, QUESTION));
    times.second.push(await msToAnswer(life, npm, QUESTION));
    const env = { PORT: '0', DATABASE_URL: NO_DATABASE };
    times.bare.push(await msToAnswer(life, { command: [stripping, 'server.ts'], cwd, env }, PAGE));
  }
  const { stdout } = await promisify(execFile)(stripping, ['--version']);
  const row = (what: string, all: number[]) =>
    console.log(`- ${what}: ${median(all).toFixed(0)} ms`);
  console.log(`- ${machine()}; median of ${rounds}`);
  row('`npm start`, the first time, to the first answer out of the database', times.first);
  row('`npm start`, the second time, to the same', times.second);
  row(`\`node server.ts\`, Node ${stdout.trim()}, to the page, without a database`, times.bare);
});

/** Starts a server, asks until the answer is 200, and ends it. */
async function msToAnswer(life: Life, command: ServerCommand, path: string): Promise<number> {
  const begin = performance.now();
  const { url, end } = await startServer(life, command);
  for (;;) {
    const response = await fetch(url + path, { signal: life.signal });
    await response.arrayBuffer();
    if (response.ok) break;
  }
  const ms = performance.now() - begin;
  await end();
  return ms;
}

/** The path of a Node that runs TypeScript as it stands. */
async function strippingNode(): Promise<string> {
  if (stripsTypes()) return process.execPath;
  if (process.env.BENCH_NODE) return process.env.BENCH_NODE;
  const { stdout } = await promisify(execFile)('npx', NPX_NODE);
  return stdout.trim();
}
