/**
 * `npm run test:mutants`: does a test see it, when the code is broken on purpose? Each change of the
 * table is made in a copy of the project, one at a time, and the tests that must see it are run:
 * they have to fail. First all of them run on the copy as it is: they have to pass.
 *
 * `npm run test:mutants -- session` takes only the changes to files with `session` in their path.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import { mutants } from './table.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = 'server.ts lib sql static test package.json tsconfig.json .env.example'.split(' ');
/** For the tests of one change, in ms; a change that makes them hang is seen, too. */
const LIMIT_MS = 120_000;
/** This part of them has to be seen. */
const WANTED = 0.95;

// A bare `node --test` takes this file for a test.
if (process.env.NODE_TEST_CONTEXT === undefined) await main(process.argv[2] ?? '');

async function main(part: string): Promise<void> {
  const chosen = mutants.filter(({ file }) => file.includes(part));
  const folders = await Promise.all(Array.from({ length: availableParallelism() }, copyProject));
  try {
    await inTurns(folders, [...new Set(chosen.flatMap(({ tests }) => tests))], checkTest);
    const unseen: Mutant[] = [];
    await inTurns(folders, chosen, async (folder, mutant) => {
      const isSeen = await see(folder, mutant);
      if (!isSeen) unseen.push(mutant);
      console.log(`${isSeen ? 'seen' : 'NOT SEEN'}  ${mutant.file}: ${oneLine(mutant)}`);
    });
    report(chosen, unseen);
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

function report(chosen: readonly Mutant[], unseen: readonly Mutant[]): void {
  const seen = chosen.length - unseen.length;
  console.log(`\n${seen} of ${chosen.length} seen`);
  for (const mutant of unseen) {
    console.log(`${mutant.file}: ${oneLine(mutant)}\n  ${mutant.unseen ?? 'no reason is known'}`);
  }
  const isUnexplained = unseen.some((mutant) => mutant.unseen === undefined);
  if (isUnexplained || seen < chosen.length * WANTED) process.exitCode = 1;
}

/** The work for each item, as many at a time as there are folders. */
async function inTurns<T>(
  folders: readonly string[],
  items: readonly T[],
  work: (folder: string, item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    folders.map(async (folder) => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        await work(folder, item);
      }
    }),
  );
}

async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ajax-mutants-'));
  for (const name of COPIED) await cp(join(PROJECT, name), join(folder, name), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function checkTest(folder: string, test: string): Promise<void> {
  if (!(await pass(folder, [test]))) throw new Error(`${test} fails without any change`);
}

async function see(folder: string, { file, from, to, tests }: Mutant): Promise<boolean> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one «${from}»`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  const isPassed = await pass(folder, tests);
  await writeFile(path, text);
  return !isPassed;
}

async function pass(folder: string, tests: readonly string[]): Promise<boolean> {
  const files = tests.map((test) => join('test', test));
  const args = ['--import', './lib/typescript.mjs', '--test', ...files];
  const tmp = join(folder, 'tmp');
  await mkdir(tmp);
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, CI: 'true', TMPDIR: tmp },
    stdio: 'ignore',
    detached: true,
  });
  const timer = setTimeout(() => end(child.pid), LIMIT_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  end(child.pid);
  // What a broken test has left: its database and browser have groups of their own.
  spawnSync('pkill', ['-KILL', '-f', folder]);
  await rm(tmp, { recursive: true, force: true, maxRetries: 5 });
  return code === 0;
}

function end(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

function oneLine({ from, to }: Mutant): string {
  const short = (text: string) => text.trim().replace(/\s+/g, ' ').slice(0, 70);
  return `${short(from)} → ${short(to) || '(nothing)'}`;
}
