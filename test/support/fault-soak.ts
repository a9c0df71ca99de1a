/**
 * What the long tests have in common: they run only when they are asked for, and they look at the
 * server from outside, as whoever runs it would.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Why the long tests are skipped; `false` when they were asked for. They look into `/proc`. */
export const notAsked: string | false =
  process.env.SOAK === '1' && process.platform === 'linux'
    ? false
    : 'takes minutes, on Linux: npm run test:soak';

/** How much memory a process has, in MiB. */
export async function memory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Lets a process open as many files as it may at all. @returns how many that is */
export function raiseFileLimit(pid: number): number {
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? '';
  execFileSync('prlimit', [`--pid=${pid}`, `--nofile=${hard}:`]);
  return Number(hard);
}
