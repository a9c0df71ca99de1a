/** Starts each adapter in turn, makes all checks on it, and prints which holds where. */
import { checksOf } from '../groups.ts';
import { type Inspection, inspect } from '../inspection.ts';
import { rows, table } from '../report.ts';
import { BadArguments, settingsFor } from '../settings.ts';
import { ADAPTERS, type Adapter } from './list.ts';
import { startAdapter } from './process.ts';

const IDLE_SECONDS = 2;
const MAX_SECONDS = 6;

/** @returns the exit code. @throws BadArguments for the name of an adapter that does not exist */
export async function checkAll(only: readonly string[], json: boolean): Promise<number> {
  const names = ADAPTERS.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new BadArguments(`no adapter is called ${unknown.join(', ')}: ${names.join(', ')}`);
  const wanted = ADAPTERS.filter(({ name }) => only.length === 0 || only.includes(name));
  const done: {
    readonly adapter: Adapter;
    readonly title: string;
    readonly verdicts: Inspection['verdicts'];
  }[] = [];
  for (const adapter of wanted) {
    const found = await adapter.find();
    if ('missing' in found) {
      console.error(`${adapter.name}: not installed (${found.missing})`);
      continue;
    }
    const verdicts = await checkAdapter(adapter);
    const failed = verdicts.filter(({ state }) => state === 'failed').length;
    console.error(`${adapter.name}: ${failed} of ${verdicts.length} do not hold`);
    done.push({ adapter, title: found.title, verdicts });
  }
  if (json) {
    const all = done.map(({ adapter, title, verdicts }) => [
      adapter.name,
      { title, verdicts: rows(verdicts) },
    ]);
    console.log(JSON.stringify(Object.fromEntries(all), null, 2));
    return 0;
  }
  for (const { adapter, title } of done) console.log(`- ${adapter.name}: ${title}`);
  console.log(`- Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`);
  console.log(
    `\n${table(done.map(({ adapter, verdicts }) => ({ name: adapter.name, verdicts })))}`,
  );
  return 0;
}

/** As it is, and once more with an early end for the checks that wait for it. */
async function checkAdapter(adapter: Adapter): Promise<Inspection['verdicts']> {
  const all = checksOf([]);
  const ordinary = await run(adapter, {}, (url) =>
    inspect(
      settingsFor(url, { https: true }),
      all.filter(({ when }) => when !== 'waiting'),
    ),
  );
  const ending = { IDLE: String(IDLE_SECONDS), MAX: String(MAX_SECONDS) };
  const expiring = await run(adapter, ending, (url) =>
    inspect(
      settingsFor(url, {
        https: true,
        idleMs: IDLE_SECONDS * 1000,
        maxMs: MAX_SECONDS * 1000,
      }),
      all.filter(({ when }) => when === 'waiting'),
    ),
  );
  return [...ordinary.verdicts, ...expiring.verdicts];
}

async function run(
  adapter: Adapter,
  env: NodeJS.Dict<string>,
  look: (url: string) => Promise<Inspection>,
): Promise<Inspection> {
  const { url, end } = await startAdapter(adapter, env);
  try {
    return await look(url);
  } finally {
    await end();
  }
}
