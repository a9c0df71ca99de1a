/**
 * `npm run test:fresh [-- [--keep] SUITE…]`: the README's two commands, word for word, on a fresh
 * Debian, as root and as a user with and without sudo. It prints a row per run for the README's
 * table of what was run where.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Machine, type Run } from './machine.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync(`${PROJECT}README.md`, 'utf8');
const COMMANDS = { start: /^.+ npm start$/m, test: /^.+ npm test$/m };
/** What the README says that one needs. */
const NODE = 'apt-get update && apt-get install -y nodejs npm';
const TESTS = '--import ./lib/typescript.mjs --test test/db/*.test.ts test/start/*.test.ts';
const START_MS = 300_000;
const STOP_MS = 15_000;

interface Step {
  readonly user: string;
  /** The user, for the row. */
  readonly who: string;
  readonly what: 'npm start' | 'npm test' | 'database tests';
  /** How the server is told to end. */
  readonly signal?: NodeJS.Signals;
  /** What root does first. */
  readonly before?: string;
  readonly env?: NodeJS.Dict<string>;
}

const SUDO =
  'apt-get install -y sudo && echo "student ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/student';
const PRODUCTION = { NODE_ENV: 'production', SECRET_KEY: 'of-a-length-that-is-long-enough-for-it' };

const root = { user: 'root', who: 'root' };
const SUITES: Readonly<Record<string, readonly Step[]>> = {
  bookworm: [{ ...root, what: 'npm start', signal: 'SIGINT', before: 'npm install -g node@24' }],
  trixie: [
    { ...root, what: 'npm start', signal: 'SIGINT' },
    { ...root, what: 'npm test' },
    {
      ...{ user: 'student', who: 'a user with sudo', what: 'npm start', signal: 'SIGTERM' },
      before: `apt-get purge -y 'mariadb-*' && ${SUDO}`,
    },
    {
      ...{ user: 'student', who: 'a user without sudo, in production' },
      ...{ what: 'npm start', signal: 'SIGINT', env: PRODUCTION },
      before: 'SUDO_FORCE_REMOVE=yes apt-get purge -y sudo',
    },
  ],
  sid: [
    {
      ...{ ...root, what: 'npm start', signal: 'SIGINT' },
      before: 'apt-get install -y mysql-server-core',
    },
    { ...root, what: 'database tests' },
  ],
};

let machine: Machine | undefined;
const options = process.argv.slice(2);
const isKept = options.includes('--keep');

/** @returns whether all steps passed */
async function trySuite(suite: string): Promise<boolean> {
  const steps = SUITES[suite];
  if (steps === undefined) throw new Error(`no such suite: ${suite}`);
  const name = join(tmpdir(), `fresh-${suite}`);
  machine = new Machine(isKept ? name : mkdtempSync(`${name}-`));
  await machine.start(suite);
  await machine.must('root', NODE);
  let failures = 0;
  for (const step of steps) {
    const begin = performance.now();
    let result = 'passed';
    try {
      await tryStep(machine, step);
    } catch (error) {
      console.error(error);
      result = 'FAILED';
      failures += 1;
    }
    const seconds = Math.round((performance.now() - begin) / 1000);
    console.log(`| ${await row(machine, step)} | ${result} in ${seconds} s |`);
  }
  await machine.end(isKept);
  return failures === 0;
}

async function tryStep(on: Machine, { user, what, before, signal, env }: Step): Promise<void> {
  if (before !== undefined) await on.must('root', before);
  if (what === 'database tests') {
    await on.must(user, `cd project && CI=true node ${TESTS}`);
    return;
  }
  await on.settle(user, PROJECT);
  const held = on.processes();
  const [command] = COMMANDS[what === 'npm start' ? 'start' : 'test'].exec(README) ?? [];
  const run = on.run(user, `cd project && { ${command}; }`, { PORT: '0', CI: 'true', ...env });
  if (signal === undefined) {
    if ((await run.ended) !== 0) throw new Error(run.output());
  } else {
    await nameIsTaken(run);
    run.kill(signal);
    await run.ended;
  }
  const end = performance.now() + STOP_MS;
  const left = () => on.processes().filter((name) => !held.includes(name));
  while (left().length > 0) {
    if (performance.now() > end) throw new Error(`${what} has left behind: ${left()}`);
    await sleep(100);
  }
}

/** Waits until the server answers out of its database that there is an `admin`. */
async function nameIsTaken({ output, ended }: Run): Promise<void> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for (const end = performance.now() + START_MS; performance.now() < end; await sleep(1000)) {
    if (hasEnded) throw new Error(output());
    const [address] = /^http:\S+(?=\/$)/m.exec(output()) ?? [];
    if (address === undefined) continue;
    const response = await fetch(`${address}/check-uname?uname=admin`);
    const { exists }: { exists?: unknown } = await response.json();
    if (exists === true) return;
  }
  throw new Error(`no answer in ${START_MS} ms:\n${output()}`);
}

/** The programs' versions, and how to ask for them. */
const VERSIONS = `
. /etc/os-release; echo "$PRETTY_NAME"
echo "$(node --version | tr -d v), npm $(npm --version)"
mariadbd --version || mysqld --version
chromium-headless-shell --version || echo none`;

/** A row of the README's table. */
async function row(on: Machine, { who, what }: Step): Promise<string> {
  const lines = (await on.must('root', `{ ${VERSIONS}; } 2> /dev/null`)).split('\n');
  const [system, node, database = '', browser = ''] = lines;
  const isMariadb = database.includes('MariaDB');
  const [version] = /\d[\d.]+/.exec(database) ?? [];
  const where = [system, node, `${isMariadb ? 'MariaDB' : 'MySQL'} ${version}`, browser];
  return [...where, who, what, new Date().toISOString().slice(0, 10)].join(' | ');
}

// A bare `node --test` takes this file for a test.
if (process.env.NODE_TEST_CONTEXT === undefined) await main();

async function main(): Promise<void> {
  if (process.getuid?.() !== 0) {
    console.error('test:fresh needs root: it makes a Debian with mmdebstrap, and works in it');
    process.exit(1);
  }
  const stopped = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, reject);
  });
  const wanted = options.filter((name) => name !== '--keep');
  try {
    for (const suite of wanted.length > 0 ? wanted : ['trixie', 'sid']) {
      const hasPassed = await Promise.race([trySuite(suite), stopped]);
      if (!hasPassed) process.exitCode = 1;
    }
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await machine?.end(isKept);
    process.exit();
  }
}
