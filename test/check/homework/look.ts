/** Makes all checks of one homework. */
import type { Browser } from 'playwright-core';
import { checksFor } from './checks.ts';
import { inspect } from './inspection.ts';
import type { Result } from './report.ts';
import { CannotLook, type Settings } from './settings.ts';

/** At once. */
const CHECKS = 6;

/** @throws CannotLook when there is no box */
export async function look(browser: Browser, settings: Settings): Promise<Result[]> {
  const checks = checksFor(settings);
  const verdictOf = inspect(browser, settings, checks);
  const box = await verdictOf('box');
  if (box.state === 'not looked at') throw new CannotLook(box.reason);
  const todo = checks.values();
  const work = async () => {
    for (const { id } of todo) await verdictOf(id);
  };
  await Promise.all(Array.from({ length: CHECKS }, work));
  const results = checks.map(async (check) => ({ check, verdict: await verdictOf(check.id) }));
  return Promise.all(results);
}
