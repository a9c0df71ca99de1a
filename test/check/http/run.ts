/**
 * `npm run check:http -- http://127.0.0.1:8080/`: whether a server speaks HTTP/1.1, looked at from
 * outside, byte by byte, in whatever language it is written. See `--help`.
 */
import { checkAll } from './all.ts';
import { checksFor } from './checks.ts';
import { CannotLook, inspect, meet } from './inspection.ts';
import { list, report, toJson } from './report.ts';
import { BadArguments, readAddress, readArguments, USAGE } from './settings.ts';

const CANNOT = 2;

// A bare `node --test` takes this file for a test.
if (process.env.NODE_TEST_CONTEXT === undefined)
  process.exitCode = await check(process.argv.slice(2));

/** @returns the exit code */
async function check(args: string[]): Promise<number> {
  try {
    const { address, isHelp, isAll, isList, isJson, options } = readArguments(args);
    if (isHelp) {
      console.log(USAGE);
      return 0;
    }
    if (isAll) return await checkAll(options, isJson);
    if (address === undefined) throw new BadArguments('no address');
    const settings = { ...options, url: readAddress(address) };
    const target = await meet(settings);
    if (isList) {
      process.stdout.write(list(checksFor(target, settings.only)));
      return 0;
    }
    const results = await inspect(target, settings);
    if (isJson) console.log(JSON.stringify(toJson(results), null, 2));
    else {
      const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
      process.stdout.write(report(results, isColoured));
    }
    return results.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
  } catch (error) {
    if (error instanceof BadArguments) console.error(`${error.message}\n${USAGE}`);
    else if (error instanceof CannotLook) console.error(error.message);
    else throw error;
    return CANNOT;
  }
}
