/**
 * One load on one server: what came out of it, and what it cost the server.
 */
import { cpuMs } from './cpu.ts';
import type { Figures, LoadGenerator } from './load.ts';
import type { ServerProcess } from './process.ts';
import type { BenchRequest } from './workloads.ts';

export interface Measured extends Figures {
  /** The processor's time for one request, in µs; NaN where it is not known. */
  readonly cpuUs: number;
}

/** @throws Error when an answer was wrong, or did not come */
export async function measure(
  generator: LoadGenerator,
  { url, pid }: Pick<ServerProcess, 'url' | 'pid'>,
  requests: readonly BenchRequest[],
  seconds: number,
): Promise<Measured> {
  const before = await cpuMs(pid);
  const figures = await generator.load(url, requests, seconds);
  const usedMs = (await cpuMs(pid)) - before;
  return { ...figures, cpuUs: (1000 * usedMs) / (figures.perSecond * seconds) };
}

/** The middle one, or halfway between the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  return (low + (sorted[Math.floor(half)] ?? low)) / 2;
}

/** A whole number above 0 out of the environment. */
export function count(variable: string, otherwise: number): number {
  const value = Number(process.env[variable] || otherwise);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${variable} must be a whole number above 0`);
}
