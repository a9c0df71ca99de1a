/**
 * The frame around the lessons: what a reader expects of Back, Forward, refresh and links, although
 * the page is loaded only once.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';
import { arriveAt, hold, linkTo, moveTo } from '../support/parts.ts';

const SMALL = { viewport: { width: 1000, height: 500 } };

/** The files that the page asks for from now on, but for its icon, which is Chromium's own wish. */
function requestsOf(page: Page): string[] {
  const paths: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname !== '/static/img/icon.svg' && !pathname.startsWith('/lab/')) paths.push(pathname);
  });
  return paths;
}

const scrolled = (page: Page) => page.evaluate(() => Math.round(scrollY));

/** Scrolls, and waits until the history's entry has noted it. */
async function scrollTo(page: Page, y: number): Promise<void> {
  await page.evaluate((to) => window.scrollTo(0, to), y);
  await page.waitForFunction((to) => history.state?.scroll === to, y);
}

describe('the frame around the lessons', { skip: noBrowser, concurrency: 3 }, () => {
  test('loads only the part that a link names, with its title and the focus', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`, SMALL);
    await arriveAt(page, 'One page');
    await page.evaluate(() => window.scrollTo(0, 200));
    const requests = requestsOf(page);
    await moveTo(page, 'Cookie or session');
    assert.equal(new URL(page.url()).search, '?part=cookie');
    assert.equal(await page.title(), 'Cookie or session · Sessions and AJAX, live');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN');
    assert.equal(await scrolled(page), 0);
    assert.equal(await page.locator('nav [aria-current="page"]').innerText(), 'Cookie or session');
    const [html, script, ...others] = requests;
    assert.deepEqual(
      new Set([html, script]),
      new Set(['/static/parts/cookie.html', '/static/js/parts/cookie.js']),
    );
    assert.ok(
      others.every((path) => path.startsWith('/static/js/')),
      others.join(' '),
    );
  });

  test('asks for a script once, and again only for the part', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await arriveAt(page, 'Cookie or session');
    await moveTo(page, 'One page');
    const requests = requestsOf(page);
    await moveTo(page, 'Cookie or session');
    assert.deepEqual(requests, ['/static/parts/cookie.html']);
  });

  test('leads Back and Forward to the same parts, scrolled as they were', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`, SMALL);
    await arriveAt(page, 'One page');
    await scrollTo(page, 300);
    await moveTo(page, 'Cookie or session');
    // Quicker than the place is noted by itself.
    await page.evaluate(() => {
      window.scrollTo(0, 150);
      document.querySelector<HTMLAnchorElement>('nav a[href="/?part=session"]')?.click();
    });
    await arriveAt(page, 'Session');
    assert.equal(await scrolled(page), 0);
    for (const [step, heading, place] of [
      ['goBack', 'Cookie or session', 150],
      ['goBack', 'One page', 300],
      ['goForward', 'Cookie or session', 150],
      ['goForward', 'Session', 0],
    ] as const) {
      await page[step]();
      await arriveAt(page, heading);
      assert.equal(await scrolled(page), place, `${step} to ${heading}`);
      assert.match(await page.title(), new RegExp(`^${heading} ·`));
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN');
    }
  });

  test('keeps the part and the place at a refresh', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`, SMALL);
    await arriveAt(page, 'Cookie or session');
    await scrollTo(page, 222);
    const release = await hold(page, '**/js/parts/cookie.js');
    const asked = page.waitForRequest('**/js/parts/cookie.js');
    await page.reload({ waitUntil: 'commit' });
    await asked;
    release();
    await arriveAt(page, 'Cookie or session');
    assert.equal(await scrolled(page), 222);
    // Quicker than the place is noted by itself, to another page and back.
    await page.evaluate(() => {
      window.scrollTo(0, 111);
      location.href = '/healthz';
    });
    await page.waitForURL(/healthz/);
    await page.goBack();
    await arriveAt(page, 'Cookie or session');
    assert.equal(await scrolled(page), 111);
  });

  test('keeps the place where the browser restores a whole page at its top', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`, SMALL);
    await arriveAt(page, 'Cookie or session');
    await scrollTo(page, 222);
    // As WebKit does out of its back/forward cache.
    await page.evaluate(() => {
      window.scrollTo(0, 0);
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    });
    assert.equal(await scrolled(page), 222);
  });

  test('shows the last of several quick clicks, however late the others come', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`, SMALL);
    await arriveAt(page, 'One page');
    await page.evaluate(() => {
      window.scrollTo(0, 300);
      new MutationObserver(() => {
        if (document.querySelector('main [role="alert"]')) document.body.dataset.alarm = 'yes';
      }).observe(document.querySelector('main') ?? document.body, { childList: true });
    });
    const release = await hold(page, '**/parts/session.html');
    await linkTo(page, 'Session').click();
    await page.locator('main[aria-busy="true"]').waitFor();
    await moveTo(page, 'Cookie or session');
    release();
    await page.evaluate(() => fetch('/healthz'));
    await arriveAt(page, 'Cookie or session');
    await page.goBack();
    await arriveAt(page, 'Session');
    assert.equal(await scrolled(page), 0, 'a place in a part that was never seen');
    assert.equal(await page.locator('body').getAttribute('data-alarm'), null);
  });

  test('does not jump before the part is there that the reader goes back to', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`, SMALL);
    await arriveAt(page, 'One page');
    await scrollTo(page, 300);
    await moveTo(page, 'Cookie or session');
    const release = await hold(page, '**/parts/spa.html');
    await page.goBack();
    await page.locator('main[aria-busy="true"]').waitFor();
    assert.equal(await scrolled(page), 0);
    release();
    await arriveAt(page, 'One page');
    assert.equal(await scrolled(page), 300);
  });

  test('never starts the script of a part that was left meanwhile', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`);
    await arriveAt(page, 'One page');
    const requests = requestsOf(page);
    const release = await hold(page, '**/js/parts/session.js');
    const asked = page.waitForRequest('**/js/parts/session.js');
    await linkTo(page, 'Session').click();
    await asked;
    await moveTo(page, 'Cookie or session');
    release();
    // Who asks for the module last gets it last.
    await page.evaluate("import('/static/js/parts/session.js')");
    await page.evaluate(() => fetch('/healthz'));
    assert.ok(!requests.includes('/session'), requests.join(' '));
  });

  test('is busy until the part is there, though the script of the first, left one comes', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openBlank(t);
    expectErrors(/status of 503/); // no database is needed for this
    const first = await hold(page, '**/js/parts/start.js');
    const second = await hold(page, '**/parts/cookie.html');
    await page.goto(url);
    await linkTo(page, 'Cookie or session').click();
    await page.locator('main[aria-busy="true"]').waitFor();
    first();
    await page.evaluate("import('/static/js/parts/start.js').then(() => fetch('/healthz'))");
    assert.equal(await page.locator('main').getAttribute('aria-busy'), 'true');
    second();
    await arriveAt(page, 'Cookie or session');
  });

  test('does not load the part anew when its navigation is skipped', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await arriveAt(page, 'Cookie or session');
    const requests = requestsOf(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#part$/);
    await page.goBack();
    await page.waitForURL(/part=cookie$/);
    await moveTo(page, 'One page');
    assert.ok(!requests.includes('/static/parts/cookie.html'), requests.join(' '));
  });

  test('goes Back and Forward among the exercises of one part', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=practice&step=get`);
    const exercise = (title: string) =>
      page.locator('main[aria-busy="false"] #title', { hasText: title }).waitFor();
    await exercise('A GET');
    await page.locator('#steps').getByRole('link', { name: 'A POST' }).click();
    await exercise('A POST');
    await page.goBack();
    await exercise('A GET');
    await page.locator('#program').fill('// for GET');
    await page.goForward();
    await exercise('A POST');
    assert.notEqual(await page.locator('#program').inputValue(), '// for GET');
    await page.goBack();
    await exercise('A GET');
    assert.equal(await page.locator('#program').inputValue(), '// for GET');
  });

  test('leaves a link with Ctrl to the browser', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`);
    await arriveAt(page, 'One page');
    const opened = page.context().waitForEvent('page');
    await linkTo(page, 'Cookie or session').click({ modifiers: ['ControlOrMeta'] });
    await arriveAt(await opened, 'Cookie or session');
    await arriveAt(page, 'One page');
  });

  test('switches the title with the language', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`, { locale: 'zh-CN' });
    await arriveAt(page, 'Cookie 与会话');
    assert.equal(await page.title(), 'Cookie 与会话 · 会话与 AJAX，现场演示');
    for (const name of ['课程', '上一课，下一课']) {
      await page.getByRole('navigation', { name, exact: true }).waitFor();
    }
    await page.getByRole('main', { name: 'Cookie 与会话', exact: true }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await page.title(), 'Cookie or session · Sessions and AJAX, live');
    for (const name of ['Lessons', 'Back, next']) {
      await page.getByRole('navigation', { name, exact: true }).waitFor();
    }
    await page.getByRole('main', { name: 'Cookie or session', exact: true }).waitFor();
  });
});
