/**
 * A part that was left is gone: however long somebody reads, the page does not grow.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CDPSession } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { moveTo } from '../support/parts.ts';

const MOVES = 40;
const CHECKS = 10;

interface Counters {
  readonly nodes: number;
  readonly jsEventListeners: number;
}

const isWithin = (now: Counters, before: Counters) =>
  now.nodes <= 2 * before.nodes && now.jsEventListeners <= 2 * before.jsEventListeners;

/** What the document and all that scripts still hold of it come to, after a collection. */
async function counters(client: CDPSession): Promise<Counters> {
  await client.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
  return { nodes, jsEventListeners };
}

test(`${MOVES} moves between two parts leave nothing behind`, { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const { page } = await openPage(t, `${url}/?part=session`);
  const client = await page.context().newCDPSession(page);
  await moveTo(page, 'Cookie or session');
  await moveTo(page, 'Session');
  const before = await counters(client);
  for (let count = 0; count < MOVES; count += 2) {
    await moveTo(page, 'Cookie or session');
    await moveTo(page, 'Session');
  }
  const after = await counters(client);
  t.diagnostic(`${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  assert.ok(isWithin(after, before));
});

test(`${CHECKS} checks of a program leave no listener behind`, { skip: noBrowser }, async (t) => {
  const { url } = await startApp(t);
  const { page } = await openPage(t, `${url}/?part=practice`);
  const client = await page.context().newCDPSession(page);
  const verdicts = page.locator('.verdicts');
  const check = async () => {
    await verdicts.evaluate((list) => list.replaceChildren());
    await page.locator('#check').click();
    await verdicts.locator('li').first().waitFor();
  };
  await check();
  const before = await counters(client);
  for (let count = 0; count < CHECKS; count += 1) await check();
  const after = await counters(client);
  t.diagnostic(`${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  assert.ok(after.jsEventListeners < before.jsEventListeners + CHECKS);
});
