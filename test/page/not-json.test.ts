/**
 * A proxy, a login page of the network: something answers HTML where the server has promised JSON.
 * Each lesson says that the server failed, and waits for nothing more.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { EXERCISES } from '../../static/js/parts/practice/exercises.js';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

const FAILED = /the server failed|The server failed: its answer is not JSON/;
const HTML =
  '<!doctype html><title>Log in to the network</title><article><h1>Log in</h1></article>';
const press = (id: string) => (page: Page) => page.locator(`#${id}`).click();

interface Case {
  readonly part: string;
  /** The addresses that are answered by HTML. */
  readonly paths: RegExp;
  readonly act: (page: Page) => Promise<void>;
  /** Where the failure is said. */
  readonly said: string;
}

const cases: Case[] = [
  {
    part: 'start',
    paths: /\/check-uname/,
    act: (page) => page.getByRole('button', { name: 'admin', exact: true }).click(),
    said: '#uname-message',
  },
  { part: 'session', paths: /\/session$/, act: press('look'), said: '#session-message' },
  {
    part: 'session',
    paths: /\/session\/colour$/,
    act: (page) => page.getByRole('button', { name: 'session[key] = value' }).click(),
    said: '#session-message',
  },
  { part: 'cookie', paths: /\/lab\/level$/, act: press('ask'), said: '#cookie-message' },
  { part: 'cookie', paths: /\/session\/level$/, act: press('keep'), said: '#cookie-message' },
  { part: 'cookie', paths: /\/session$/, act: press('keep'), said: '#cookie-message' },
  {
    part: 'encoding',
    paths: /\/02-server$/,
    act: (page) => page.getByRole('button', { name: 'Send' }).click(),
    said: '#plain-verdict',
  },
  {
    part: 'suggest',
    paths: /\/suggest\?/,
    act: (page) => page.getByRole('combobox').fill('s'),
    said: '#term-message',
  },
  {
    part: 'form#solution',
    paths: /\/register$/,
    async act(page) {
      await page.route(/check-uname/, (route) => route.fulfill({ body: '{"exists":false}' }));
      await page.locator('#uname').fill('newcomer');
      await page.locator('#upwd').fill('12345678');
      await page.locator('#nickname').fill('New');
      await page.getByRole('button', { name: 'Register' }).click();
    },
    said: '#register-message',
  },
  {
    part: 'form#solution',
    paths: /\/login$/,
    async act(page) {
      await page.locator('#login-uname').fill('admin');
      await page.locator('#login-upwd').fill('12345678');
      await page.getByRole('button', { name: 'Log in' }).click();
    },
    said: '#login-message',
  },
  { part: 'form#solution', paths: /\/session$/, act: async () => {}, said: '#whoami' },
  { part: 'practice', paths: /\/session$/, act: async () => {}, said: '#kept-message' },
  {
    part: 'practice',
    paths: /\/session\/practice$/,
    async act(page) {
      await page.locator('#program').fill(EXERCISES[0]?.solution ?? '');
      await page.locator('#check').click();
    },
    said: '#kept-message',
  },
];

test('HTML in place of JSON is told by both ways after the course', {
  skip: noBrowser,
}, async (t) => {
  const { url } = await startApp(t);
  const { page, expectErrors } = await openPage(t, `${url}/?part=fetch`);
  expectErrors(/status of 503/); // there is no database
  await page.locator('main[aria-busy="false"]').waitFor();
  await page.route(/check-uname/, (route) =>
    route.fulfill({ contentType: 'text/html', body: HTML }),
  );
  await page.locator('#try [type="submit"]').click();
  for (const way of ['xhr', 'fetch']) {
    await page.locator(`#result-${way}`).getByText('not JSON').waitFor();
  }
});

describe('HTML in place of JSON', { skip: noBrowser, concurrency: 3 }, () => {
  for (const status of [200, 401]) {
    for (const { part, paths, act, said } of cases) {
      test(`${status} for ${paths.source} in «${part}»`, async (t) => {
        const { url } = await startApp(t);
        const { page, expectErrors } = await openPage(t, url, { reducedMotion: 'reduce' });
        expectErrors(/status of (401|503)/); // there is no database
        await page.route(paths, (route) =>
          route.fulfill({ status, contentType: 'text/html', body: HTML }),
        );
        const throwing: string[] = [];
        page.on('pageerror', (error) => throwing.push(String(error)));
        await page.goto(`${url}/?part=${part}`);
        await page.locator('main[aria-busy="false"]').waitFor();
        await act(page);
        await page.locator(said).filter({ hasText: FAILED }).waitFor();
        await page.locator('figcaption', { hasText: 'goes out' }).waitFor({ state: 'detached' });
        assert.deepEqual(throwing, []);
      });
    }
  }
});
