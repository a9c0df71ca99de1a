/**
 * The checker of session layers finds each planted fault, and names no other check. All checks on
 * each fault take a minute or two, so that they have a command of their own; `npm test` makes on each
 * fault the check that must find it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { allChecks, checksOf } from './groups.ts';
import { type Check, inspect } from './inspection.ts';
import { FAULTS, type Fault, RIGHT } from './planted/faults.ts';
import { serve } from './planted/server.ts';
import { settingsFor } from './settings.ts';

/** All checks on each fault: `npm run test:check`. */
const isThorough = process.env.CHECK === '1';
const ENDS = { idleMs: 2000, maxMs: 6000 };
/** The layer is in this process: it needs no time to speak of. */
const WAITS = { leadMs: 40, holdMs: 60, strangers: 20, answerMs: 30_000 };

/** The check in which the exchange happens that a last one looks back at. */
const LOOKED_BACK: Readonly<Record<string, readonly string[]>> = {
  'one-set-cookie': ['logout-ends'],
  'cache-set-cookie': ['logout-ends'],
  'no-5xx': ['parallel-one-key'],
};

/** The checks that fail, and what they saw. */
async function complaints(
  t: Parameters<typeof serve>[0],
  { Planted }: Pick<Fault, 'Planted'>,
  checks: readonly Check[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const passes = [
    { ends: {}, checks: checks.filter(({ when }) => when !== 'waiting') },
    { ends: ENDS, checks: checks.filter(({ when }) => when === 'waiting') },
  ];
  for (const { ends, checks } of passes) {
    if (checks.length === 0) continue;
    const settings = settingsFor(await serve(t, new Planted(ends)), {
      https: true,
      ...WAITS,
      ...ends,
    });
    const { verdicts } = await inspect(settings, checks);
    for (const verdict of verdicts)
      if (verdict.state === 'failed') found.set(verdict.check.id, verdict.seen);
  }
  return found;
}

test('each check has a planted fault, and each fault a check', () => {
  assert.deepEqual(FAULTS.map(({ found }) => found).sort(), allChecks.map(({ id }) => id).sort());
});

test('the READMEs say how many checks there are', () => {
  for (const path of ['README.md', 'README.zh.md', '../../README.md', '../../README.zh.md']) {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');
    assert.match(text, new RegExp(`\\b${allChecks.length} (?:sentences|条|句)`), path);
  }
});

describe('the checker of session layers', { concurrency: 16 }, () => {
  for (const right of RIGHT)
    test(`has nothing to say against a layer that ${right.what}`, async (t) => {
      assert.deepEqual(await complaints(t, right, allChecks), new Map());
    });

  for (const fault of FAULTS)
    test(`finds by ${fault.found} a layer that ${fault.what}`, async (t) => {
      // What looks back needs something to look back at.
      const own = checksOf([fault.found, ...(LOOKED_BACK[fault.found] ?? [])]);
      const found = await complaints(t, fault, isThorough ? allChecks : own);
      const expected = [fault.found, ...(isThorough ? (fault.also ?? []) : [])];
      const said = [...found].map(([id, seen]) => `${id}: ${seen}`).join('\n');
      assert.deepEqual([...found.keys()].sort(), expected.sort(), said);
    });
});
