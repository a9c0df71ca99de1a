/**
 * `npm run homework -- http://127.0.0.1:5000`: whether a learner's homework does what it should,
 * looked at from outside, with a real browser, in whatever language its server is written. See
 * `--help`.
 */
import { chromiumPath, launchChromium } from '../../support/chromium.ts';
import { lookAtAll, readList } from './list.ts';
import { look } from './look.ts';
import { troubleWith } from './reach.ts';
import { exitCodeOf, type Result, report, toJson } from './report.ts';
import {
  BadArguments,
  CannotLook,
  languageOf,
  readArguments,
  type Settings,
  type Text,
  USAGE,
} from './settings.ts';

const CANNOT = 2;

// A bare `node --test` takes this file for a test.
if (process.env.NODE_TEST_CONTEXT === undefined)
  process.exitCode = await check(process.argv.slice(2));

/** @returns the exit code */
async function check(args: string[]): Promise<number> {
  const language = languageOf(args);
  const cannot = (text: Text) => {
    console.error(text[language]);
    return CANNOT;
  };
  if (args.includes('--help')) {
    console.log(USAGE[language]);
    return 0;
  }
  try {
    const settings = readArguments(args);
    if (chromiumPath === undefined)
      return cannot({
        en:
          'There is no Chromium here: apt-get install -y chromium-headless-shell, or Chrome, or ' +
          'set CHROMIUM to its path.',
        zh: '没有找到 Chromium：apt-get install -y chromium-headless-shell，或安装 Chrome，或用 CHROMIUM 指明路径。',
      });
    const { list, page, out, url } = settings;
    const pupils = list === undefined ? undefined : await readList(list, page);
    const trouble = pupils ? undefined : await troubleWith(url);
    if (trouble) return cannot(trouble);
    const browser = await launchChromium();
    try {
      if (pupils) return await lookAtAll(browser, settings, pupils, out);
      return tell(await look(browser, settings), settings);
    } finally {
      await browser.close();
    }
  } catch (error) {
    if (error instanceof CannotLook) return cannot(error.reason);
    if (!(error instanceof BadArguments)) throw error;
    return cannot({ en: `${error.message}\n${USAGE.en}`, zh: `${error.message}\n${USAGE.zh}` });
  }
}

function tell(results: readonly Result[], { json, language }: Settings): number {
  if (json) console.log(JSON.stringify(toJson(results, language), null, 2));
  else {
    const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
    process.stdout.write(report(results, language, isColoured));
  }
  return exitCodeOf(results);
}
