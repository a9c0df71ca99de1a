/**
 * Every lesson runs in an empty project: a folder with `common.js`, the lesson and a few lines of
 * HTML, behind the endpoints that it names.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { hold } from '../support/parts.ts';

const HTML = `<!doctype html>
<title>A lesson alone</title>
<link rel="icon" href="/static/icon.svg">
<p><input id="box"> <button id="go">Go</button></p>
<ol id="said"></ol>
<script src="/static/js/common.js"></script>
<script src="/static/main.js" type="module"></script>
`;
/** Puts what a lesson gives onto the page. */
const SAY = `
const said = document.querySelector('#said');
const say = (...values) => {
  said.append(Object.assign(document.createElement('li'), { textContent: values.join(' ') }));
};
const box = document.querySelector('#box');
const onGo = (go) => document.querySelector('#go').addEventListener('click', go);
`;

interface Case {
  readonly lesson: string;
  /** What a student would write below the import. */
  readonly main: string;
  readonly act?: (page: Page) => Promise<unknown>;
  /** What stands on the page in the end. */
  readonly said: readonly RegExp[];
  /** Errors that the lesson brings about on purpose. */
  readonly errors?: RegExp;
}

const go = (page: Page) => page.locator('#go').click();
/** A script with a fault: when its request is over, if it sends one, it has shown this. */
const fault = (number: number, path: string, said: RegExp[], errors?: RegExp): Case => ({
  lesson: `faults/${number}`,
  main: "onGo(() => lesson.run((text) => say('shown', text.length)));",
  async act(page) {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const ends = () => [page.waitForEvent('requestfinished'), page.waitForEvent('requestfailed')];
    const over = path && Promise.race(ends());
    await go(page);
    await over;
    await page.evaluate(() => fetch('/healthz'));
    assert.deepEqual(asked, path ? [path, '/healthz'] : ['/healthz']);
  },
  said,
  ...(errors && { errors }),
});

const cases: Case[] = [
  {
    lesson: 'name-check',
    main: 'lesson.checkOnBlur(box, say);',
    async act(page) {
      const leave = async (name: string) => {
        await page.locator('#box').fill(name);
        const answered = page.waitForResponse(new RegExp(`uname=${name}$`));
        await page.locator('#box').blur();
        return answered;
      };
      const release = await hold(page, '**/check-uname?uname=late-one');
      await page.locator('#box').fill('late-one');
      await page.locator('#box').blur();
      for (const name of ['admin', 'nobody-yet', 'x']) await (await leave(name)).finished();
      const late = page.waitForResponse(/late-one/);
      release();
      await (await late).finished();
      await page.evaluate(() => fetch('/healthz'));
    },
    said: [/^taken$/, /^free$/, /^failed 400$/],
    errors: /status of 400/,
  },
  {
    lesson: 'account',
    main: `const user = { uname: 'lesson-user', upwd: 'a&b=c horse', nickname: 'Lee' };
    lesson.register(user, ({ status }) => {
      say(status);
      const { uname, upwd } = user;
      lesson.login({ uname, upwd }, ({ status, responseText }) => {
        say(status, responseText);
        lesson.logout(({ status }) => say(status));
      });
    });`,
    said: [/^201$/, /^200 .*"nickname":"Lee"/, /^204$/],
  },
  {
    lesson: 'request',
    main: `lesson.get('/01-server?name=Ada', (text) => {
      say(text);
      lesson.post('/02-server', 'name=Ada', say);
    });`,
    said: [/^Hello, Ada!$/, /^\{"name":"Ada"\}$/],
  },
  {
    lesson: 'session',
    main: `lesson.set('colour', 'a&b', (status, text) => {
      say(status, text);
      lesson.get('colour', (status, text) => {
        say(status, text);
        lesson.del('colour', (status) => say(status));
      });
    });`,
    said: [/^201 .*"value":"a&b"/, /^200 .*"value":"a&b"/, /^204$/],
  },
  {
    lesson: 'cookie',
    main: `lesson.keepInCookie('admin');
    lesson.keepInSession('user', (status) => {
      say(status);
      lesson.askServer((status, text) => say(status, text));
    });`,
    said: [/^201$/, /^200 \{"cookieSays":"admin","sessionSays":"user"/],
  },
  {
    lesson: 'sync',
    main: `lesson.ask('/lab/slow?ms=50', true, (status) => {
      say('true', status);
      lesson.ask('/lab/slow?ms=50', false, (status) => say('false', status));
      say('after');
    });
    say('before');`,
    said: [/^before$/, /^true 200$/, /^false 200$/, /^after$/],
  },
  {
    lesson: 'return',
    main: `say(lesson.askAndReturn());
    say(lesson.askAndWait());
    lesson.askAndCall((text) => {
      say(text);
      lesson.askAndAwait().then(say);
    });`,
    said: [/^$/, /^Hello, Ada!$/, /^Hello, Ada!$/, /^Hello, Ada!$/],
  },
  {
    lesson: 'encoding',
    main: `lesson.sendEncoded('a&b', (status, text) => {
      say(status, text);
      lesson.sendAsItIs('a&b', (status, text) => say(status, text));
    });`,
    said: [/^200 \{"text":"a&b"\}$/, /^200 \{"text":"a","b":""\}$/],
  },
  {
    lesson: 'suggest',
    main: `Object.assign(lesson.settings, { debounce: false, abort: false });
    onGo(() => lesson.typed(box.value, (text) => say(JSON.parse(text).terms.length)));`,
    async act(page) {
      const release = await hold(page, '**/suggest?q=s');
      await page.locator('#box').fill('s');
      await go(page);
      await page.locator('#box').fill('sess');
      await go(page);
      await page.locator('#said li').waitFor();
      const late = page.waitForResponse(/q=s$/);
      release();
      await (await late).finished();
      await page.evaluate(() => fetch('/healthz'));
    },
    said: [/^4$/],
  },
  {
    lesson: 'fetch',
    main: `lesson.checkByXhr('admin', (text) => {
      say(text);
      const { signal } = new AbortController();
      lesson.checkByFetch('nobody-yet', signal).then(say);
    });`,
    said: [/^taken$/, /^free$/],
  },
  fault(1, '/01-sever', [], /status of 404/),
  fault(2, '/lab/status/500', [], /status of 500/),
  fault(3, '', []),
  fault(4, '/01-server', []),
  fault(
    5,
    '/lab/drip',
    [0, 1024, 2048, 3072, 3072].map((length) => new RegExp(`^shown ${length}$`)),
  ),
  fault(6, '/lab/slow', []),
  fault(7, '/lab/cut', [], /ERR_/),
];

async function emptyProject(t: TestContext, lesson: string, main: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ajax-lesson-'));
  atEnd(t, () => rm(folder, { recursive: true }));
  for (const file of ['js/common.js', `js/lessons/${lesson}.js`]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(STATIC_FOLDER, file), join(folder, file));
  }
  await writeFile(join(folder, 'index.html'), HTML);
  await copyFile(join(STATIC_FOLDER, 'img/icon.svg'), join(folder, 'icon.svg'));
  const imported = `import * as lesson from '/static/js/lessons/${lesson}.js';`;
  await writeFile(join(folder, 'main.js'), `${imported}\n${SAY}\n${main}\n`);
  return folder;
}

test('every lesson is tried', async () => {
  const files = await readdir(join(STATIC_FOLDER, 'js/lessons'), { recursive: true });
  const lessons = files.filter((file) => file.endsWith('.js')).map((file) => file.slice(0, -3));
  assert.deepEqual(cases.map(({ lesson }) => lesson).sort(), lessons.sort());
});

describe('a lesson alone', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  for (const { lesson, main, act, said, errors } of cases) {
    test(`runs in an empty project: ${lesson}`, async (t) => {
      const staticFolder = await emptyProject(t, lesson, main);
      const { url } = await startApp(t, { database: await testDatabase(), staticFolder });
      const { page, expectErrors } = await openPage(t, url);
      if (errors) expectErrors(errors);
      await act?.(page);
      const lines = page.locator('#said li');
      if (said.length > 0) await lines.nth(said.length - 1).waitFor({ state: 'attached' });
      const texts = await lines.allInnerTexts();
      assert.equal(texts.length, said.length, texts.join('\n'));
      for (const [index, pattern] of said.entries()) assert.match(texts[index] ?? '', pattern);
    });
  }
});
