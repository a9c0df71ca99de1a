/**
 * A reader's program runs shut in: whatever it tries, it reaches neither the page nor a cookie nor
 * the network, and its time is short. The policy of its file and what is taken out of its scope are
 * looked at apart, so that each holds without the other.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Outcome } from '../../static/js/parts/practice/exercise.js';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

const WORKER = '/static/js/parts/practice/worker.js';
const POLICY = "default-src 'none'; script-src 'unsafe-eval'";

/** Runs a program that has a function `ask`, and returns what came back. */
function run(page: Page, program: string): Promise<Outcome | undefined> {
  return page.evaluate(async (text) => {
    const { check } = await import(`${'/static/js/parts/practice'}/check.js`);
    const says = { en: '', zh: '' };
    const behaviours = [
      {
        says,
        run: `async ({ load, said, show }) => {
          await load().ask(show);
          return [said, ['never']];
        }`,
      },
    ];
    const [outcome] = await check(
      { gives: ['ask'], behaviours },
      text,
      new AbortController().signal,
    );
    return outcome;
  }, program);
}

const ATTEMPTS = [
  "fetch('/session/stolen', { method: 'PUT', body: 'value=1' })",
  'new XMLHttpRequest().constructor.constructor("return fetch")()("/stolen")',
  "new WebSocket('ws://' + location.host + '/stolen')",
  "new EventSource('/stolen')",
  "new WebTransport('https://localhost/stolen')",
  "importScripts('/static/js/common.js?stolen')",
  "import('/static/js/common.js?stolen')",
  'import("data:text/javascript,globalThis.stolen=1")',
  "new Worker('/static/js/common.js?stolen')",
  "new SharedWorker('/static/js/common.js?stolen')",
  "indexedDB.open('stolen')",
  "caches.open('stolen')",
  "new BroadcastChannel('stolen').postMessage('stolen')",
  'navigator.storage.getDirectory()',
  "navigator.locks.request('stolen', () => new Promise(() => {}))",
  'postMessage({ calls: [] })',
  'globalThis.postMessage({ calls: [] })',
  'self.postMessage({ calls: [] })',
  'Object.getPrototypeOf(globalThis).postMessage.call(globalThis, { calls: [] })',
  "(0, eval)('postMessage')({ calls: [] })",
  'new Function("return this")().postMessage({ calls: [] })',
  'close()',
  'addEventListener("message", show)',
  'arguments.callee.caller.arguments[0]',
];

// esbuild marks functions by a name that the Worker does not know.
const NAMED = 'globalThis.__name ??= (it) => it;';

/** The callers of a program, as V8 lets a stack's maker see them. */
const CLIMB = `function ask(show) {
  Error.prepareStackTrace = (error, sites) => sites;
  const sites = new Error().stack.slice(1);
  show(sites.filter((site) => site.getFunction() || site.getThis()).length);
}`;

describe('a reader’s program', { skip: noBrowser, concurrency: 3 }, () => {
  test('comes to nothing, whatever it tries', async (t) => {
    const { url, lines } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=practice`);
    expectErrors(/Content.Security.Policy/);
    await page.locator('main[aria-busy="false"] #check').waitFor();
    await page.evaluate(() => {
      new BroadcastChannel('stolen').onmessage = () => document.body.append('stolen');
    });
    for (const attempt of ATTEMPTS) {
      const outcome = await run(page, `async function ask(show) { show(await ${attempt}); }`);
      assert.ok(outcome?.thrown, `${attempt} was not refused: ${JSON.stringify(outcome)}`);
    }
    assert.deepEqual(
      lines.filter((line) => /stolen|PUT|POST/.test(line)),
      [],
    );
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
    assert.deepEqual(await page.evaluate(() => caches.keys()), []);
    assert.doesNotMatch(await page.locator('body').innerText(), /stolen/);
  });

  test('sees nothing of those who called it', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    assert.equal((await run(page, CLIMB))?.got, '[0]');
  });

  test('is ended after 2 s, whatever it does, and the page stays alive', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice`);
    const forever = ['for (;;) {}', 'await new Promise(() => {})', 'for (;;) await null'];
    const outcomes = await Promise.all(
      forever.map((body) => run(page, `async function ask() { ${body} }`)),
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome?.problem),
      ['too long', 'too long', 'too long'],
    );
    await Promise.all(page.workers().map((worker) => worker.waitForEvent('close')));
  });

  test('is shown as text, whatever it returns', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice&step=get`);
    const markup = '<img src=x onerror=alert(1)>';
    await page
      .getByRole('textbox', { name: 'Your program' })
      .fill(`function ask(name, show) { show('${markup}'); throw '${markup}'; }`);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.locator('.verdicts code', { hasText: markup }).first().waitFor();
    assert.equal(await page.locator('.verdicts img').count(), 0);
  });

  test('has in its file’s policy alone what keeps the network away', async (t) => {
    const { url, lines } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=practice`);
    expectErrors(/Content.Security.Policy|importScripts|Refused|WebSocket|violates/);
    await page.route(`**${WORKER}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${NAMED}(${probe})();` });
    });
    const got = await page.evaluate(
      (file) =>
        new Promise((resolve, reject) => {
          const worker = new Worker(file);
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        }),
      WORKER,
    );
    assert.deepEqual(got, {
      fetch: 'refused',
      xhr: 'refused',
      importScripts: 'refused',
      import: 'refused',
      worker: 'refused',
      webSocket: 'refused',
      eventSource: 'refused',
      eval: 'allowed',
    });
    assert.deepEqual(
      lines.filter((line) => line.includes('stolen')),
      [],
    );
  });
});

/** Runs in the Worker, with nothing taken out of its scope. */
async function probe(): Promise<void> {
  const url = '/lab/status/200?stolen';
  const attempts: Record<string, () => unknown> = {
    fetch: () => fetch(url),
    xhr: () => {
      const xhr = new XMLHttpRequest();
      xhr.open('get', url, false);
      xhr.send();
    },
    importScripts: () =>
      (self as unknown as { importScripts(file: string): void }) // as a Worker has it
        .importScripts('/static/js/common.js?stolen'),
    import: () => new Function("return import('/static/js/common.js?stolen')")(),
    worker: () =>
      new Promise((_, reject) => {
        new Worker('/static/js/common.js?stolen').onerror = reject;
      }),
    webSocket: () =>
      new Promise((_, reject) => {
        new WebSocket(`ws://${location.host}/stolen`).onerror = reject;
      }),
    eventSource: () =>
      new Promise((_, reject) => {
        new EventSource(url).onerror = reject;
      }),
    eval: () => new Function('return 1')(),
  };
  const got: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      got[name] = 'allowed';
    } catch {
      got[name] = 'refused';
    }
  }
  postMessage(got);
}

describe('the policy that allows code out of text', () => {
  test('stands on that one file, also when it is not sent anew, and nowhere else', async (t) => {
    const { url } = await startApp(t);
    const first = await fetch(url + WORKER);
    assert.equal(first.headers.get('content-security-policy'), POLICY);
    const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
    const second = await fetch(url + WORKER, { headers });
    assert.equal(second.status, 304);
    assert.equal(second.headers.get('content-security-policy'), POLICY);
    for (const path of ['/', '/static/js/parts/practice/world.js', '/static/parts/practice.html']) {
      const policy = (await fetch(url + path)).headers.get('content-security-policy') ?? '';
      assert.match(policy, /script-src 'self';/);
      assert.doesNotMatch(policy, /unsafe/);
    }
  });
});
