/**
 * A page that was left open, or that Back brings out of the browser's store, says what is true:
 * also when somebody has logged out elsewhere meanwhile.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { sendForm } from '../support/http.ts';

const USER = { uname: 'returner', upwd: 'correct horse', nickname: 'Rita' };

/** The ways in which a browser says that the reader is back. */
const returns: [what: string, come: (page: Page) => Promise<void>][] = [
  ['comes to the front', (page) => page.evaluate(() => void dispatchEvent(new Event('focus')))],
  [
    'is seen again',
    (page) => page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange'))),
  ],
  [
    'is restored by Back',
    (page) =>
      page.evaluate(() => {
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      }),
  ],
];

const parts: [name: string, loggedIn: string, loggedOut: string][] = [
  ['form', 'You are logged in: Rita', 'You are not logged in.'],
  ['session', 'A space of its own, for Rita', 'No session cookie'],
];

describe('a page left open', { skip: noBrowser || noDatabaseProgram, concurrency: 3 }, () => {
  for (const [name, loggedIn, loggedOut] of parts) {
    test(`says that nobody is logged in any more, on the part ${name}`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      await sendForm(`${url}/register`, USER);
      const { page, expectErrors } = await openPage(t, url);
      expectErrors(/status of 401/); // the list of sessions may be asked for after the logout
      const { uname, upwd } = USER;
      for (const [index, [, come]] of returns.entries()) {
        await page.request.post(`${url}/login`, { form: { uname, upwd } });
        await page.goto(`${url}/?part=${name}&time=${index}#solution`);
        await page.getByText(loggedIn).waitFor();
        await page.request.post(`${url}/logout`);
        await come(page);
        await page.getByText(loggedOut).waitFor();
      }
    });
  }

  test('says so when it asks for what only its user may have', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    await sendForm(`${url}/register`, USER);
    const { page, expectErrors } = await openPage(t, url);
    expectErrors(/status of 401/);
    const { uname, upwd } = USER;
    await page.request.post(`${url}/login`, { form: { uname, upwd } });
    await fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams({ uname, upwd }) });
    await page.goto(`${url}/?part=form#solution`);
    const end = page.getByRole('button', { name: 'End all others' });
    await end.waitFor();
    await page.request.post(`${url}/logout`);
    await end.click();
    await page.getByText('You are no longer logged in.').waitFor();
    await page.getByText('You are not logged in.').waitFor();
  });

  test('asks once, by however many events the browser tells of it', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=session`);
    await page.getByText('No session cookie').waitFor();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      document.dispatchEvent(new Event('visibilitychange'));
      dispatchEvent(new Event('focus'));
    });
    await page.evaluate(() => fetch('/healthz'));
    assert.deepEqual(requests, ['/session', '/healthz']);
  });
});
