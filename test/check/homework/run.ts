/**
 * `npm run homework -- http://127.0.0.1:5000`: whether a learner's homework does what it should,
 * looked at from outside, with a real browser, in whatever language its server is written. See
 * `--help`. The checks are tests, and Node's test runner runs them.
 */
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from '../../support/chromium.ts';
import { report } from './report.ts';
import {
  BadArguments,
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
    const trouble = await troubleWith(settings.url);
    return trouble ? cannot(trouble) : await runTests(settings);
  } catch (error) {
    if (!(error instanceof BadArguments)) throw error;
    return cannot({ en: `${error.message}\n${USAGE.en}`, zh: `${error.message}\n${USAGE.zh}` });
  }
}

/** Why there is no page to look at. */
async function troubleWith(url: string): Promise<Text | undefined> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(8000) });
    if (status < 400) return undefined;
    return {
      en: `${url} answers ${status}. Is the page at another path (--page PATH)?`,
      zh: `${url} 的状态码是 ${status}。页面在别的路径上吗（--page 路径）？`,
    };
  } catch {
    return {
      en: `Nobody answers at ${url}. Is your server running, and is this its address?`,
      zh: `${url} 没有响应。你的服务器在运行吗？地址对吗？`,
    };
  }
}

/** Runs the checks as `node --test` would, in a process of their own. */
async function runTests(settings: Settings): Promise<number> {
  process.env.HOMEWORK_SETTINGS = JSON.stringify(settings);
  const files = [fileURLToPath(new URL('homework.test.ts', import.meta.url))];
  const events = run({ files });
  let failures = 0;
  events.on('test:fail', () => {
    failures += 1;
  });
  for await (const text of report(events, settings.language)) process.stdout.write(text);
  return failures === 0 ? 0 : 1;
}
