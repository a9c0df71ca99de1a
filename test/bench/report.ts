/**
 * The figures as Markdown: what was measured on what, and a row for each server.
 */
import { availableParallelism, cpus, release, type } from 'node:os';
import { type Measured, median } from './measure.ts';
import { BARE } from './servers.ts';

/** Server → workload → what was measured in each round. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, readonly Measured[]>>;

interface Named {
  readonly name: string;
  readonly title: string;
}

export interface Report {
  readonly servers: readonly Named[];
  readonly workloads: readonly Named[];
  readonly results: Results;
  /** Lines about how it was done, and about what was left out. */
  readonly notes: readonly string[];
}

/** What this was measured on, in one line. */
export function machine(): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const cores = `${availableParallelism()} cores`;
  return `${date}, ${cpu?.model.trim()}, ${cores}, ${type()} ${release()}, Node ${process.version}`;
}

/** The whole report, as Markdown. */
export function markdown({ servers, workloads, results, notes }: Report): string {
  const table = (figure: keyof Measured, digits: number) => {
    const head = ['', ...workloads.map(({ title }) => title)];
    const rows = servers.map((server) => [
      server.title,
      ...workloads.map((workload) => cell(results, server.name, workload.name, figure, digits)),
    ]);
    return [head, ['---', ...workloads.map(() => '---:')], ...rows].map(
      (row) => `| ${row.join(' | ')} |`,
    );
  };
  return [
    ...[machine(), ...notes].map((line) => `- ${line}`),
    '',
    'Requests per second, and how many times the bare server in the same round:',
    '',
    ...table('perSecond', 0),
    '',
    '99th percentile of latency in ms, and how many times the bare server in the same round:',
    '',
    ...table('p99Ms', 2),
    '',
    "The server's processor time for one request in µs, and how many times the bare server:",
    '',
    ...table('cpuUs', 1),
  ].join('\n');
}

/**
 * Medians over the rounds; the ratio is taken in each round, because the machine drifts between
 * them.
 */
function cell(
  results: Results,
  server: string,
  workload: string,
  figure: keyof Measured,
  digits: number,
): string {
  const own =
    results
      .get(server)
      ?.get(workload)
      ?.map((figures) => figures[figure]) ?? [];
  const bare =
    results
      .get(BARE)
      ?.get(workload)
      ?.map((figures) => figures[figure]) ?? [];
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (own.some(Number.isNaN)) return '–';
  const text = median(own).toLocaleString('en', format);
  if (bare.length === 0) return text;
  const ratio = median(own.map((value, round) => value / (bare[round] ?? Number.NaN)));
  return `${text} (${ratio.toFixed(2)})`;
}
