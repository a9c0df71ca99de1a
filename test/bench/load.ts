/**
 * The load: many connections, each of which asks again as soon as it is answered. By wrk, where it
 * is on the PATH, because it takes the least from the machine that it shares with the server; else
 * by autocannon.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Life } from './life.ts';
import { NODE } from './servers.ts';
import type { BenchRequest } from './workloads.ts';

export interface Figures {
  /** Answers per second. */
  readonly perSecond: number;
  /** 99 of 100 answers came within so many ms. */
  readonly p99Ms: number;
}

export interface LoadGenerator {
  /** What it is, for the table. */
  readonly title: string;
  /**
   * Sends the requests one after the other, and round again.
   * @throws Error when an answer was wrong, or did not come
   */
  load(url: string, requests: readonly BenchRequest[], seconds: number): Promise<Figures>;
}

interface Measured extends Figures {
  /** How many requests went wrong, and how; empty when none did. */
  readonly wrong: string;
}

const CONNECTIONS = 64;
/** An answer that is late is not wrong: how late they are is what the percentile tells. */
const WRK = ['-t1', `-c${CONNECTIONS}`, '--timeout', '10s'];
const run = promisify(execFile);
const program = (name: string) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/** @param folder where the requests are written, for the program to read */
export async function chooseLoadGenerator(life: Life, folder: string): Promise<LoadGenerator> {
  const file = join(folder, 'requests');
  const hasWrk = await isWrkThere();
  return {
    title: hasWrk ? `wrk ${WRK.join(' ')}` : `autocannon, ${CONNECTIONS} connections`,
    async load(url, requests, seconds) {
      const { host } = new URL(url);
      const wire = () => requests.map((request) => asWire(request, host)).join('\0');
      await writeFile(file, hasWrk ? wire() : JSON.stringify(requests.map(withoutAnswer)));
      const [path = '', ...args] = hasWrk
        ? ['wrk', ...WRK, `-d${seconds}s`, '-s', program('wrk.lua')]
        : [...NODE, program('autocannon.ts'), String(CONNECTIONS), String(seconds)];
      args.push(url, ...(hasWrk ? ['--'] : []), file);
      const { stdout } = await run(path, args, { signal: life.signal });
      // Both programs print this as their last line.
      const { wrong, ...figures } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
      if (wrong !== '') throw new Error(`requests that failed: ${wrong}`);
      return figures;
    },
  };
}

function isWrkThere(): Promise<boolean> {
  return run('wrk', ['--version']).then(
    () => true,
    // It prints its version, and ends with 1.
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}

function asWire({ method, path, headers, body }: BenchRequest, host: string): string {
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  if (body !== '') lines.push(`content-length: ${Buffer.byteLength(body)}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

function withoutAnswer({ method, path, headers, body }: BenchRequest) {
  return { method, path, headers, body };
}
