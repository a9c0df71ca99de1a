/**
 * The processor's time that a process has used so far. A ratio of it holds up on a machine that
 * others use as well, where requests per second say more about the others.
 */
import { readFile } from 'node:fs/promises';

/**
 * Linux counts in hundredths of a second, whatever its own clock does (proc_pid_stat(5), times(2)).
 */
const MS_PER_TICK = 10;

/** Of a process with its threads and its children, in ms; NaN where there is no /proc. */
export async function cpuMs(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const pids = children.split(' ').filter((text) => text !== '');
  const parts = await Promise.all([ownMs(pid), ...pids.map((child) => cpuMs(Number(child)))]);
  return parts.reduce((sum, part) => sum + part);
}

async function ownMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets, which may hold anything; user and system
  // time are the 14th and the 15th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return MS_PER_TICK * (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN));
}
