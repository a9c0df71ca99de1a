/**
 * The page in the three engines: Chromium, Firefox, WebKit; `npm run test:engines`. Chromium has all of
 * `test/page/`; here stands what may differ from one engine to another.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { EXERCISES } from '../../static/js/parts/practice/exercises.js';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { chromiumPath } from '../support/chromium.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { comparePrograms, PLAYED } from '../support/practice-compare.ts';
import { WRONG } from '../support/practice-wrong.ts';
import { type Engine, openWindow, says, until, type Window } from './browser.ts';
import { firefoxPath } from './firefox.ts';
import { watchedFolder } from './watched.ts';
import { webkitPath } from './webkit.ts';

const ENGINES = {
  chromium: chromiumPath,
  firefox: firefoxPath,
  webkit: webkitPath,
};
/** One engine alone, by its name. */
const ONLY = process.env.ENGINE;
const PARTS = [
  ...readFileSync(join(STATIC_FOLDER, 'index.html'), 'utf8').matchAll(
    /<a href="(\/(?:\?part=\w+)?)">/g,
  ),
].map(([, path = '']) => path);

/** The whole application, and a window that looks at one of its parts. */
async function openPart(t: TestContext, engine: Engine, path: string, language = 'en-GB' as const) {
  const staticFolder = await watchedFolder(t);
  const app = await startApp(t, {
    database: await testDatabase(),
    staticFolder,
    routes: [PLAYED],
  });
  const window = await openWindow(engine, language);
  atEnd(t, () => window.close());
  await visit(window, app.url + path);
  return { ...app, window };
}

async function visit(window: Window, url: string): Promise<void> {
  await window.open(url);
  await until(window, () => document.querySelector('main[aria-busy="false"] .sources') !== null, 0);
}

/** Why an engine is not looked at; `false` if it is. On CI, one that is missing is a failure. */
function whyNot(engine: Engine): string | false {
  if (process.env.ENGINES === undefined) return 'run by npm run test:engines';
  if (ONLY !== undefined && ONLY !== engine) return `ENGINE=${ONLY}`;
  if (ENGINES[engine] !== undefined) return noDatabaseProgram;
  if (process.env.CI) throw new Error(`${engine} is not installed`);
  return `${engine} is not installed`;
}

/** Waits until the page has drawn so many frames, which is when what would move has moved. */
const untilFrames = (window: Window, count: number) =>
  window.run(async (frames) => {
    for (let at = 0; at < frames; at += 1)
      await new Promise((drawn) => requestAnimationFrame(drawn));
  }, count);

const troubles = (window: Window) =>
  window.run(() => Reflect.get(globalThis, 'troubles') as string[], 0);
const textOf = (window: Window, selector: string) =>
  window.run((one) => document.querySelector<HTMLElement>(one)?.innerText.trim() ?? '', selector);

for (const engine of ['chromium', 'firefox', 'webkit'] as const) {
  const skip = whyNot(engine);
  describe(`in ${engine}`, { skip }, () => {
    test('every part is alive, in both languages; nothing fails, moves or is too wide', async (t) => {
      const { url, window } = await openPart(t, engine, '/');
      const found: string[] = [];
      for (const path of PARTS) {
        await window.resize(1280, 900);
        await visit(window, url + path);
        await untilFrames(window, 30);
        const told = await window.run(() => {
          const { troubles = [], moved = [] } = globalThis as unknown as Record<string, string[]>; // watch.js
          const current = document.querySelector('nav [aria-current="page"]');
          return [...troubles, ...moved, ...(current ? [] : ['no current link'])];
        }, 0);
        found.push(...told.map((line) => `${path}: ${line}`));
        for (const width of [1280, 390, 320]) {
          await window.resize(width, 900);
          for (const language of ['en', 'zh']) {
            await window.press(`button[data-language="${language}"]`);
            const wide = await window.run(
              () => document.documentElement.scrollWidth - innerWidth,
              0,
            );
            if (wide > 0) found.push(`${path}: ${wide} px too wide of ${width}, ${language}`);
          }
        }
        await window.press('button[data-language="en"]');
      }
      assert.deepEqual(found, []);
    });

    test('a name is checked when its box is left, by the mouse and by a key', async (t) => {
      const { window, lines } = await openPart(t, engine, '/?part=form#solution');
      await window.press('#uname');
      await window.type('admin');
      await window.press('#upwd');
      await says(window, '#uname-message', 'taken');
      // The stack of a call, which each engine writes in its own way, names the lesson's lines.
      await says(window, '.line.lit', 'xhr.readyState');
      await window.press('#uname');
      await window.type('-or-not');
      await window.key('Tab');
      await says(window, '#uname-message', 'free');
      assert.equal(lines.filter((line) => line.includes('check-uname?uname=admin ')).length, 1);
      assert.deepEqual(await troubles(window), []);
    });

    test('each fault is seen as the lesson says', async (t) => {
      const { window } = await openPart(t, engine, '/?part=faults');
      const ALL = '0 → 1 → 2 → 3 → 4';
      for (const [script, ...seen] of [
        [1, 'yes', ALL, '404', 'load'],
        [2, 'yes', ALL, '500', 'load'],
        [3, 'no', '0 → 1', '0', 'none within 1.5 s'],
        [4, 'yes', ALL, '200', 'load'],
        [5, 'yes', ALL, '200', 'load'],
        [6, 'yes', '0 → 1 → 4', '0', 'timeout'],
        [7, 'yes', ALL, '0', 'error'],
      ] as const) {
        await window.press(`[data-fault="${script}"]`);
        await window.press('#choices > :first-child input');
        await window.press('#prediction [type="submit"]');
        await until(window, () => document.querySelector('#seen:not([hidden])') !== null, 0);
        const told = await window.run(
          () =>
            Array.from(document.querySelectorAll<HTMLElement>('#seen dd'), (dd) =>
              dd.innerText.trim(),
            ),
          0,
        );
        assert.deepEqual(told.slice(0, 4), seen, `script ${script}`);
      }
    });

    test('a cookie that no script may change is not changed, and that is said', async (t) => {
      const { window } = await openPart(t, engine, '/?part=cookie');
      await window.press('#keep');
      await says(window, '#cookie-message', 'Kept.');
      await window.press('#plain');
      await says(window, '#safe-cookie', 'the server believed: admin');
      await window.press('#forge');
      const said = await says(window, '#safe-session', 'The server still says: user.');
      assert.match(said, /^The browser did not let the script overwrite it\./);
    });

    test('the page stands still under false, and only then', async (t) => {
      const { window } = await openPart(t, engine, '/?part=sync');
      await window.press('#async');
      const ticks = Number.parseInt(await says(window, '#result-true', 'ticks'), 10);
      assert.ok(ticks > 5, `${ticks}`);
      await says(window, '#message', 'Now press the other one.');
      await window.press('#sync');
      assert.match(await says(window, '#result-false', 'ticks'), /^0 ticks/);
    });

    test('the suggestions are chosen from by keys', async (t) => {
      const { window } = await openPart(t, engine, '/?part=suggest');
      await window.press('#term');
      await window.type('sess');
      await says(window, '#term-message', '4 terms begin with “sess”.');
      await window.key('ArrowDown');
      await says(window, '[role="option"][aria-selected="true"] strong', 'session');
      await window.key('Enter');
      await says(window, '#meaning h3', 'session');
    });

    test('the exercises are judged as ever', async (t) => {
      const { window } = await openPart(t, engine, '/?part=practice');
      const failing = (name: string, program: string) =>
        window.run(
          async ([wanted, text]) => {
            const rooms = '/static/js/parts/practice';
            const { check } = await import(`${rooms}/check.js`);
            const { isGood } = await import(`${rooms}/verdicts.js`);
            const { EXERCISES: all } = await import(`${rooms}/exercises.js`);
            const exercise = all.find((one: { name: string }) => one.name === wanted);
            const outcomes: unknown[] = await check(exercise, text, new AbortController().signal);
            return outcomes.flatMap((outcome, index) => (isGood(outcome) ? [] : [index]));
          },
          [name, program] as [string, string],
        );
      for (const { name, solution, start } of EXERCISES) {
        assert.deepEqual(await failing(name, solution), [], name);
        assert.notDeepEqual(await failing(name, start), [], name);
        for (const [index, [right, instead]] of (WRONG[name] ?? []).entries()) {
          const program = solution.replace(right, () => instead);
          assert.deepEqual(await failing(name, program), [index], program);
        }
      }
      await window.press('#check');
      await says(window, '#outcome', 'hold');
    });

    test('a program comes to the same in the simulated and in the real browser', async (t) => {
      const { url, window } = await openPart(t, engine, '/');
      assert.deepEqual(await comparePrograms(window, url), []);
    });

    test('Back leads to the part before, and from another document to the same place', async (t) => {
      const { url, window } = await openPart(t, engine, '/?part=spa');
      await until(window, () => document.querySelectorAll('#moves li').length > 20, 0);
      await window.press('nav a[href="/?part=cookie"]');
      await says(window, 'main[aria-busy="false"] h1', 'Cookie or session');
      await window.run(() => scrollTo(0, 150), 0);
      await until(window, () => history.state?.scroll === 150, 0);
      await window.open(`${url}/healthz`);
      await window.back();
      await says(window, 'main[aria-busy="false"] h1', 'Cookie or session');
      await until(window, () => scrollY === 150, 0);
      await untilFrames(window, 20);
      assert.equal(await window.run(() => scrollY, 0), 150);
      await window.back();
      await says(window, 'main[aria-busy="false"] h1', 'One page');
      assert.equal(await textOf(window, 'nav [aria-current="page"]'), 'One page');
    });
  });
}
