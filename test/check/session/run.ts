/**
 * `npm run check:session -- http://127.0.0.1:8000`: whether a session layer keeps its promises,
 * looked at from outside, in whatever language its server is written. See `--help`.
 */
import { checkAll } from './adapters/all.ts';
import { checksOf, UnknownCheck } from './groups.ts';
import { inspect } from './inspection.ts';
import { reporter, rows, summary } from './report.ts';
import { NoAnswer } from './request.ts';
import { BadArguments, readArguments, type Settings, USAGE } from './settings.ts';
import { NoSession } from './site.ts';

const CANNOT = 2;

// A bare `node --test` takes this file for a test.
if (process.env.NODE_TEST_CONTEXT === undefined)
  process.exitCode = await run(process.argv.slice(2));

/** @returns the exit code */
async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  try {
    const { settings, all, only, json } = readArguments(args);
    if (all || settings === undefined) return await checkAll(only, json);
    return await checkOne(settings, only, json);
  } catch (error) {
    if (error instanceof BadArguments) console.error(`${error.message}\n${USAGE}`);
    else if (error instanceof UnknownCheck || error instanceof NoSession)
      console.error(error.message);
    else if (error instanceof NoAnswer) console.error(`It does not answer: ${error.message}`);
    else throw error;
    return CANNOT;
  }
}

async function checkOne(settings: Settings, only: readonly string[], json: boolean) {
  const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
  const write = (text: string) => void process.stdout.write(text);
  const tell = json ? () => {} : reporter(write, isColoured);
  const inspection = await inspect(settings, checksOf(only), 1, tell);
  write(json ? `${JSON.stringify(rows(inspection.verdicts), null, 2)}\n` : summary(inspection));
  const failed = inspection.verdicts.filter(({ state }) => state === 'failed');
  return failed.some(({ check }) => check.level === 'MUST') ? 1 : 0;
}
