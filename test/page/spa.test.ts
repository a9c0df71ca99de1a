import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openBlank, openPage } from '../support/browser.ts';
import { moveTo } from '../support/parts.ts';

describe('the lesson on the one page', { skip: noBrowser, concurrency: 3 }, () => {
  test('shows what each move has loaded, and how little that is', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`);
    const row = (name: string | RegExp) => page.locator('#moves tr', { hasText: name });
    await row('the whole page')
      .getByText(/requests$/)
      .click();
    await row('the whole page').getByText('/', { exact: true }).first().waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Session', exact: true }).click();
    await page.locator('main[aria-busy="false"] #look').waitFor();
    await page.goBack();
    await row(/Session.* by a link/)
      .getByText(/^\d+ requests?$/)
      .click();
    await row(/Session.* by a link/)
      .getByText('/static/parts/session.html')
      .waitFor();
    await row(/One page.* Back or Forward/)
      .getByText('1 request')
      .click();
    await row(/One page.* Back or Forward/)
      .getByText('had already')
      .waitFor();
    const kilobytes = async (name: string | RegExp) =>
      Number.parseFloat(await row(name).locator('td').first().innerText());
    const [whole, part] = [
      await kilobytes('the whole page'),
      await kilobytes(/Session.* by a link/),
    ];
    assert.ok(part > 0 && part < whole, `${part} kB of ${whole} kB`);
  });

  test('counts what was loaded before, where an observer is told of it at once', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openBlank(t);
    // As WebKit does.
    await page.addInitScript(() => {
      window.PerformanceObserver = new Proxy(PerformanceObserver, {
        construct(target, [tell]) {
          const observer = new target(tell);
          observer.observe = ({ type = '', buffered = false } = {}) => {
            PerformanceObserver.prototype.observe.call(observer, { type });
            const entries = buffered ? performance.getEntriesByType(type) : [];
            // Its sizes of a 304.
            const style = entries.find(({ name }) => name.endsWith('/lesson.css')) ?? {};
            Object.defineProperty(style, 'transferSize', { value: 300 });
            Object.defineProperty(style, 'encodedBodySize', { value: 0 });
            const list = {
              // A method: the tests' compiler names no methods, and its helper is not on the page.
              getEntries() {
                return entries;
              },
            };
            tell(list, observer);
          };
          return observer;
        },
      });
    });
    await page.goto(`${url}/?part=spa`);
    const row = page.locator('#moves tr', { hasText: 'the whole page' });
    await row.getByText(/^\d\d requests$/).click();
    await row.getByText('/', { exact: true }).first().waitFor();
    await row.getByText('/static/css/frame.css', { exact: true }).waitFor();
    await row.locator('li', { hasText: 'lesson.css' }).getByText('had already').waitFor();
  });

  test('lists the entries of the history and moves among them', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    const main = page.getByRole('main');
    const lengths: number[] = [];
    for (let count = 0; count < 2; count += 1) {
      await page.evaluate(() => scrollTo(0, 200));
      await moveTo(page, 'One page');
      assert.equal(await page.evaluate(() => scrollY), 0);
      lengths.push(await page.evaluate(() => history.length));
    }
    assert.equal(lengths[0], lengths[1], 'a link to where the reader is makes no new entry');
    await main.getByText('/?part=spa ← you are here').waitFor();
    assert.ok(await main.getByRole('button', { name: 'Forward' }).isDisabled());
    await main.getByRole('button', { name: 'Back' }).click();
    await main.locator('h1', { hasText: 'Cookie or session' }).waitFor();
    await page.goForward();
    await main.getByText('/?part=spa ← you are here').waitFor();
    assert.equal(await main.locator('#entries li').count(), 2);
  });

  test('says of an entry whose address the browser hides that it does', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=cookie`);
    await page.locator('main[aria-busy="false"] h1').waitFor();
    await page.goto(`${url}/?part=spa`);
    await page.getByText('/?part=spa ← you are here').waitFor();
    assert.match(
      (await page.locator('#entries li').allInnerTexts()).join(),
      /address is hidden.*,/,
    );
  });

  test('shows in Chinese how far this entry is scrolled', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=spa`, {
      locale: 'zh-CN',
      viewport: { width: 900, height: 500 },
    });
    await page.getByRole('heading', { name: '历史记录中的位置' }).waitFor();
    await page.locator('#moves').getByText('整个页面').waitFor();
    await page.evaluate(() => scrollTo(0, 123));
    await page.getByText('{"scroll":123}').waitFor();
  });
});
