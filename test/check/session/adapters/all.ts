/** Starts each adapter in turn, makes all checks on it, and prints which holds where. */
import { once } from 'node:events';
import { checksOf } from '../groups.ts';
import { type Check, inspect } from '../inspection.ts';
import { checkTable, groupTable, type Result, rows } from '../report.ts';
import { BadArguments, type Settings, settingsFor } from '../settings.ts';
import { ADAPTERS, type Adapter } from './list.ts';
import { startAdapter } from './process.ts';

const IDLE_SECONDS = 2;
const MAX_SECONDS = 6;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Checks the adapters of these names, or all for none.
 * @returns the exit code. @throws BadArguments for a name that no adapter has
 */
export async function checkAll(only: readonly string[], json: boolean): Promise<number> {
  const names = ADAPTERS.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new BadArguments(`no adapter is called ${unknown.join(', ')}: ${names.join(', ')}`);
  const results: Result[] = [];
  for (const adapter of ADAPTERS.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const result = await checkAdapter(adapter);
    if (typeof result === 'string') console.error(`${adapter.name}: ${result}`);
    else {
      const failed = result.verdicts.filter(({ state }) => state === 'failed').length;
      console.error(`${adapter.name}: ${failed} of ${result.verdicts.length} do not hold`);
      results.push(result);
    }
  }
  console.log(json ? inJson(results) : inMarkdown(results));
  return 0;
}

function inJson(results: readonly Result[]): string {
  const all = results.map(({ name, title, verdicts }) => ({ name, title, checks: rows(verdicts) }));
  return JSON.stringify(all, null, 2);
}

function inMarkdown(results: readonly Result[]): string {
  const titles = results.map(({ name, title }) => `- ${name}: ${title}\n`);
  const today = new Date().toISOString().slice(0, 10);
  return (
    `Checks that fail, MUST · SHOULD; Node ${process.versions.node}, ${today}\n\n` +
    `${groupTable(results)}\n\n${titles.join('')}\n${checkTable(results)}`
  );
}

/** @returns why it could not be checked, where it could not */
async function checkAdapter(adapter: Adapter): Promise<Result | string> {
  const found = await adapter.find();
  if ('missing' in found) return `not installed (${found.missing})`;
  const checks = checksOf([]);
  const waiting = checks.filter(({ when }) => when === 'waiting');
  const others = checks.filter(({ when }) => when !== 'waiting');
  const env = { IDLE: String(IDLE_SECONDS), MAX: String(MAX_SECONDS) };
  const ends = { idleMs: IDLE_SECONDS * 1000, maxMs: MAX_SECONDS * 1000 };
  // Once as it is, and once more with an early end for the checks that wait for it.
  const { site, verdicts } = await run(adapter, others, {}, {});
  const early = adapter.hasExpiry === false ? {} : ends;
  const expiry = await run(adapter, waiting, env, early);
  const where = site.cookie.holdsSession ? ', the session in the cookie' : '';
  const title = found.title + where;
  return { name: adapter.name, title, verdicts: [...verdicts, ...expiry.verdicts] };
}

async function run(
  adapter: Adapter,
  checks: readonly Check[],
  env: NodeJS.Dict<string>,
  settings: Partial<Settings>,
) {
  const { url, end } = await startAdapter(adapter, env);
  const done = new AbortController();
  const stopped = SIGNALS.map(async (name) => {
    await once(process, name, { signal: done.signal });
    throw new Error(`ended by ${name}`);
  });
  for (const one of stopped) one.catch(() => {}); // after the end, their waits are aborted
  try {
    const inspection = inspect(settingsFor(url, { https: true, ...settings }), checks);
    return await Promise.race([inspection, ...stopped]);
  } finally {
    done.abort();
    await end();
  }
}
