/**
 * The lines that are lit up beside a part have run: each is compared with the browser's own count of
 * what ran (precise coverage, block by block).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { STATIC_FOLDER, startApp } from '../support/app.ts';
import { noBrowser, openBlank } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { hold } from '../support/parts.ts';

/** The numbers of a script's lines of which nothing has run. */
async function linesThatDidNotRun(session: CDPSession, file: string): Promise<Set<number>> {
  const { result } = await session.send('Profiler.takePreciseCoverage');
  const script = result.find(({ url }) => url.endsWith(`/${file}`));
  assert.ok(script, `${file} has not been loaded`);
  const text = readFileSync(join(STATIC_FOLDER, '..', file), 'utf8');
  // Ranges are nested, and an inner one counts more than the one around it.
  const ran = new Uint8Array(text.length).fill(1);
  for (const { ranges } of script.functions) {
    for (const { startOffset, endOffset, count } of ranges) {
      ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    }
  }
  const lines = new Set<number>();
  let begin = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== '' && !ran.subarray(begin + indent, begin + line.length).includes(1))
      lines.add(index + 1);
    begin += line.length + 1;
  }
  return lines;
}

/** The numbers of the lines that are lit up. */
function litLines(page: Page): Promise<number[]> {
  return page
    .locator('.lines .line')
    .evaluateAll((lines) =>
      lines.flatMap((line, index) => (line.classList.contains('lit') ? [index + 1] : [])),
    );
}

/** The number of the first line with that text. */
async function lineWith(page: Page, text: string): Promise<number> {
  const lines = await page.locator('.lines').last().locator('.line').allTextContents();
  return lines.findIndex((line) => line.includes(text)) + 1;
}

interface Case {
  readonly part: string;
  readonly file: string;
  /** The address whose answer is held back until the lines at sending have been looked at. */
  readonly asked: string;
  act(page: Page): Promise<unknown>;
  /** What is lit when the answer is there, at least. */
  readonly lit: string;
  /** A line that has not run; none where all have. */
  readonly idle?: string;
}

const cases: Case[] = [
  {
    part: 'start',
    file: 'name-check',
    asked: '**/check-uname*',
    act: (page) => page.getByRole('button', { name: 'admin', exact: true }).click(),
    lit: "show(answer.exists ? 'taken' : 'free')",
    idle: 'return null',
  },
  {
    part: 'form#solution',
    file: 'account',
    asked: '**/login',
    async act(page) {
      await page.locator('#login-uname').fill('admin');
      await page.locator('#login-upwd').fill('not the one');
      await page.getByRole('button', { name: 'Log in' }).click();
    },
    lit: 'done(xhr)',
    idle: "send('/register'",
  },
  {
    part: 'request',
    file: 'request',
    asked: '**/02-server',
    act: (page) => page.getByRole('button', { name: 'POST /02-server' }).click(),
    lit: 'show(xhr.responseText)',
    idle: "xhr.open('get'",
  },
  {
    part: 'session',
    file: 'session',
    asked: '**/session/colour',
    act: (page) => page.getByRole('button', { name: 'session[key] = value' }).click(),
    lit: 'done(xhr.status, xhr.responseText)',
    idle: "send('delete'",
  },
  {
    part: 'cookie',
    file: 'cookie',
    asked: '**/lab/level',
    act: (page) => page.locator('#ask').click(),
    lit: 'done(xhr.status, xhr.responseText)',
    idle: 'document.cookie =',
  },
  {
    part: 'encoding',
    file: 'encoding',
    asked: '**/02-server',
    act: (page) => page.getByRole('button', { name: 'Send' }).click(),
    lit: 'done(xhr.status, xhr.responseText)',
  },
  {
    part: 'suggest',
    file: 'suggest',
    asked: '**/suggest*',
    act: (page) => page.getByRole('combobox').fill('s'),
    lit: 'show(xhr.responseText)',
  },
  {
    part: 'sync',
    file: 'sync',
    asked: '**/lab/slow*',
    act: (page) => page.locator('#async').click(),
    lit: 'done(xhr.status)',
  },
];

describe('every line that is lit up has run', {
  skip: noBrowser || noDatabaseProgram,
  concurrency: 3,
}, () => {
  for (const { part, file, asked, act, lit, idle } of cases) {
    test(`in «${part}», at sending and at the answer`, async (t) => {
      const { url } = await startApp(t, { database: await testDatabase() });
      const { page, expectErrors } = await openBlank(t);
      expectErrors(/status of 401/);
      const session = await page.context().newCDPSession(page);
      await session.send('Profiler.enable');
      await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
      await page.goto(`${url}/?part=${part}`);
      await page.locator('main[aria-busy="false"]').waitFor();
      await page.locator('.lines .line', { hasText: 'createXhr' }).first().waitFor();
      const path = `static/js/lessons/${file}.js`;
      const release = await hold(page, asked);
      await act(page);
      await page.locator('.line.lit', { hasText: 'xhr.send(' }).waitFor();
      const atSending = await litLines(page);
      release();
      assert.ok(atSending.length >= 4, `create, open, callback, send: ${atSending}`);
      await page.locator('.line.lit', { hasText: lit }).waitFor();
      const atAnswer = await litLines(page);
      const notRun = await linesThatDidNotRun(session, path);
      if (idle) assert.ok(notRun.has(await lineWith(page, idle)), `«${idle}» has not run`);
      for (const line of [...atSending, ...atAnswer]) {
        assert.ok(!notRun.has(line), `line ${line} is lit, and has not run`);
      }
    });
  }
});
