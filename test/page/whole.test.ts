/**
 * The page at first sight: readable before any script, as it will stay when it is loaded, and
 * nothing in it moves when scripts, texts or messages come.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { arriveAt, hold } from '../support/parts.ts';

/** In ms: a browser draws 60 times a second. */
const FRAME_MS = 17;
const PARTS = readdirSync(join(STATIC_FOLDER, 'parts')).map((file) => file.replace('.html', ''));

/** Has the browser note each shift of the layout that no press or key has brought about. */
async function noteShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { hadRecentInput, sources } = entry as PerformanceEntry & {
          hadRecentInput: boolean;
          sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
        }; // a layout shift, which the DOM types do not know
        if (hadRecentInput) continue;
        for (const { node, previousRect: from, currentRect: to } of sources) {
          const what = `${node?.nodeName} “${node?.textContent?.trim().slice(0, 40)}”`;
          const moved = `${from.x},${from.y},${from.height} → ${to.x},${to.y},${to.height}`;
          shifts.push(`${what} ${moved}`);
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

const shiftsOf = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        // After the next frame has been drawn, and what it has moved is told.
        requestAnimationFrame(() => setTimeout(() => resolve(Reflect.get(window, 'shifts')), 100));
      }),
  );

/**
 * The page from behind a slow line: each tag of the HTML comes a frame after the one before, and
 * all else at once. A browser may draw what it has after any of them.
 * @returns the address to open
 */
async function startSlowLine(t: TestContext, url: string): Promise<string> {
  const server = createServer((req, res) => {
    const options = { method: req.method, headers: { ...req.headers, 'accept-encoding': '' } };
    const onward = request(new URL(req.url ?? '/', url), options, async (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      if (new URL(req.url ?? '/', url).pathname !== '/') return answer.pipe(res);
      for (const piece of (await text(answer)).split(/(?<=>)/)) {
        res.write(piece);
        await sleep(FRAME_MS);
      }
      return res.end();
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(t, async () => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a port, not a pipe
}

describe('the page', { skip: noBrowser, concurrency: 3 }, () => {
  test('holds its first part, to be read before any script, and without one', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, url, { javaScriptEnabled: false });
    for (const text of [
      'You leave the box, and the page knows whether the name is taken.',
      '你刚离开输入框，页面就知道这个用户名有没有被占用。',
    ]) {
      assert.ok(await page.getByText(text).isVisible(), text);
    }
    assert.ok(await page.getByRole('textbox', { name: 'A user name' }).isVisible());
    assert.match(await page.locator('main').innerText(), /please switch it on/);
  });

  test('is whole at its load event: nothing faded, the drawing there', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/status of 503/); // there is no database
    await hold(page, '**/js/parts/start.js'); // not even the part's own script
    await page.goto(url, { waitUntil: 'load' });
    assert.equal(
      await page.locator('main').evaluate((main) => getComputedStyle(main).opacity),
      '1',
    );
    assert.ok(await page.locator('.drawing svg').isVisible());
    assert.ok(await page.locator('.steps-on').isVisible());
  });

  test('fades only what takes longer than 300 ms', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=xhr`);
    await arriveAt(page, 'createXhr');
    const delay = () => page.locator('main').evaluate((m) => getComputedStyle(m).transitionDelay);
    await hold(page, '**/parts/return.html');
    await page.getByRole('link', { name: 'The return trap', exact: true }).click();
    await page.locator('main[aria-busy="true"]').waitFor();
    assert.equal(await delay(), '0.3s');
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector('main') ?? document.body).opacity === '0.6',
    );
  });

  test('never shows the first part where another one is asked for', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/status of 503/);
    const run = await hold(page, '**/page/page.js');
    const release = await hold(page, '**/parts/xhr.html');
    await page.goto(`${url}/?part=xhr`, { waitUntil: 'commit' });
    const heading = page.locator('#start h1');
    await heading.waitFor({ state: 'attached' });
    assert.equal(await heading.isVisible(), false, 'before the scripts');
    run();
    await page.waitForLoadState('load');
    assert.equal(await heading.isVisible(), false, 'before the part');
    release();
    await arriveAt(page, 'createXhr');
    await page.getByRole('link', { name: 'Sessions and AJAX, live' }).click();
    await arriveAt(page, 'One request');
    assert.equal(await page.locator('h1').isVisible(), true);
  });

  test('leads to another part before its scripts have come', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openBlank(t);
    const release = await hold(page, '**/page/page.js');
    await page.goto(url, { waitUntil: 'commit' });
    await page.getByRole('link', { name: 'createXhr', exact: true }).click({ noWaitAfter: true });
    await page.waitForURL(/part=xhr/, { waitUntil: 'commit' });
    release();
    await arriveAt(page, 'createXhr');
  });

  test('checks what was typed and left before its scripts have come', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/status of 503/);
    const release = await hold(page, '**/page/page.js');
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('#uname').fill('x');
    await page.locator('#uname').blur();
    release();
    await page.getByText('Use 3–20 letters').waitFor();
    assert.equal(await page.locator('#uname').inputValue(), 'x');
  });
});

describe('the layout', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  for (const [locale, width] of [
    ['en-GB', 360],
    ['zh-CN', 360],
    ['en-GB', 1000],
    ['en-GB', 1280],
    ['zh-CN', 1280],
  ] as const) {
    test(`does not move while the page comes and is used: ${locale}, ${width} px`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const { page } = await openBlank(t, { locale, viewport: { width, height: 1300 } });
      await noteShifts(page);
      await page.goto(url);
      await page.locator('main[aria-busy="false"]').waitFor();
      await page.locator('.lines .line').first().waitFor();
      assert.deepEqual(await shiftsOf(page), []);
      // Messages that come by themselves, long after the last key.
      await page.locator('#uname').evaluate((input: HTMLInputElement) => {
        input.value = 'admin';
        input.dispatchEvent(new FocusEvent('blur'));
      });
      await page.locator('.chip.good').waitFor();
      assert.deepEqual(await shiftsOf(page), []);
    });
  }

  for (const [locale, width] of [
    ['en-GB', 360],
    ['zh-CN', 360],
    ['en-GB', 700],
    ['en-GB', 1000],
    ['zh-CN', 1280],
  ] as const) {
    test(`does not move while the HTML comes tag by tag: ${locale}, ${width} px`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const { page } = await openBlank(t, { locale, viewport: { width, height: 1300 } });
      await noteShifts(page);
      page.setDefaultTimeout(60_000);
      await page.goto(await startSlowLine(t, url));
      await page.locator('main[aria-busy="false"]').waitFor();
      assert.deepEqual(await shiftsOf(page), []);
    });
  }

  for (const name of PARTS) {
    test(`does not move while the part ${name} comes`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const look = async ([locale, width]: readonly [locale: string, width: number]) => {
        const { page } = await openBlank(t, { locale, viewport: { width, height: 1800 } });
        await noteShifts(page);
        await page.goto(`${url}/?part=${name}`);
        await page.locator('main[aria-busy="false"] h1').waitFor();
        await page.waitForLoadState('networkidle');
        assert.deepEqual(await shiftsOf(page), [], `${locale}, ${width} px`);
      };
      const sights = [
        ['en-GB', 360],
        ['zh-CN', 360],
        ['en-GB', 1280],
        ['zh-CN', 1280],
      ] as const;
      await Promise.all(sights.map(look));
    });
  }

  test('does not move when the page says that the database is being made', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const { page } = await openBlank(t);
    await noteShifts(page);
    const release = await hold(page, '**/readyz');
    await page.goto(url);
    const notice = page.getByText('The first time it has to be created');
    await notice.waitFor();
    release();
    await notice.waitFor({ state: 'detached' });
    assert.deepEqual(await shiftsOf(page), []);
  });

  test('does not move when the database is missing: that is said at the lower edge', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/status of 503/);
    await noteShifts(page);
    await page.goto(url);
    await page.getByText('needs the database, which does not answer yet').waitFor();
    assert.deepEqual(await shiftsOf(page), []);
  });
});
