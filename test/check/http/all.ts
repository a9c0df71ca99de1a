/** `--all`: this server beside others, as a table. */
import { CannotLook, inspect, meet, type Result } from './inspection.ts';
import { count, toJson } from './report.ts';
import { SERVERS, type Server } from './servers.ts';
import type { Settings } from './settings.ts';

interface Looked {
  readonly server: Server;
  readonly version: string;
  readonly results: readonly Result[];
}

/** @returns the exit code: it compares, and so finds nothing wrong */
export async function checkAll(options: Omit<Settings, 'url'>, isJson: boolean): Promise<number> {
  const found = await Promise.all(
    SERVERS.map(async (server) => ({ server, version: await server.version() })),
  );
  const looked: Looked[] = [];
  for (const { server, version } of found) {
    if (version === undefined) {
      console.error(`${server.name}: not installed`);
      continue;
    }
    console.error(`${server.name} ${version}`);
    looked.push({ server, version, results: await look(server, options) });
  }
  if (isJson) {
    const all = looked.map(({ server, version, results }) => {
      return { name: server.name, version, results: toJson(results) };
    });
    console.log(JSON.stringify(all, null, 2));
  } else console.log([...groups(looked), '', ...differences(looked)].join('\n'));
  return 0;
}

async function look(server: Server, options: Omit<Settings, 'url'>): Promise<Result[]> {
  const running = await server.start();
  try {
    const { post: _, ...others } = options;
    const post = server.post === undefined ? {} : { post: server.post };
    const settings: Settings = { ...others, ...post, url: running.url };
    return await inspect(await meet(settings), settings);
  } catch (error) {
    if (error instanceof CannotLook) throw new CannotLook(`${server.name}: ${error.message}`);
    throw error;
  } finally {
    await running.end();
  }
}

/** How many checks fail by MUST and by SHOULD, and how many are laxer, by group. */
function groups(looked: readonly Looked[]): string[] {
  const names = new Set(looked.flatMap(({ results }) => results.map(({ check }) => check.group)));
  const cells = (wanted: (result: Result) => boolean) =>
    looked.map(({ results }) => {
      const those = results.filter(wanted);
      const { fail: must } = count(those, 'MUST');
      const { fail: should } = count(those, 'SHOULD');
      const lax = those.filter(({ verdict }) => verdict === 'warn').length;
      return `${must} · ${should} · ${lax}`;
    });
  const checks = (name: string) =>
    Math.max(
      ...looked.map((one) => one.results.filter(({ check }) => check.group === name).length),
    );
  const all = looked.map(({ results }) => results.length);
  return [
    row(['group', 'checks', ...looked.map(({ server, version }) => `${server.name} ${version}`)]),
    row(['---', '---', ...looked.map(() => '---')]),
    ...[...names].map((name) =>
      row([name, String(checks(name)), ...cells(({ check }) => check.group === name)]),
    ),
    row(['all', String(Math.max(...all)), ...cells(() => true)]),
  ];
}

/** The checks that some server does not pass. */
function differences(looked: readonly Looked[]): string[] {
  const checks = new Map(
    looked.flatMap(({ results }) => results.map(({ check }) => [check.id, check])),
  );
  const verdictOf = (id: string, { results }: Looked) =>
    results.find(({ check }) => check.id === id)?.verdict ?? '';
  return [
    row(['check', 'level', ...looked.map(({ server }) => server.name)]),
    row(['---', '---', ...looked.map(() => '---')]),
    ...[...checks.values()]
      .map(({ id, level }) => [id, level, ...looked.map((one) => verdictOf(id, one))])
      .filter(([, , ...verdicts]) => verdicts.some((verdict) => /warn|fail/.test(verdict)))
      .map((cells) => row(cells.map((cell) => (cell === 'pass' ? '' : cell)))),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
