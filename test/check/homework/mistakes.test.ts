/**
 * Homeworks with one mistake each: the checker finds it, and complains of nothing else.
 * It takes minutes, so it has a command of its own.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launch, noBrowser } from '../../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../../support/database.ts';
import { noFlask, startFlask } from '../../support/homework/flask.ts';
import { homeworkOf, MAKES } from '../../support/homework/makes.ts';
import { homeworkWith, MISTAKES } from '../../support/homework/mistakes.ts';
import { registerChecks } from './checks/registering.ts';
import { checksFor } from './checks.ts';
import { inspect } from './inspection.ts';
import { readArguments, type Settings } from './settings.ts';

const notAsked = process.env.HOMEWORK !== '1' && 'takes minutes: npm run test:homework';

/** The checks that fail, each with what was seen; all of them are looked at. */
async function complaints(...args: string[]): Promise<string[]> {
  const settings: Settings = {
    ...readArguments([...args, '--lang', 'en']),
    quietMs: 100,
    answerMs: 30_000,
    silenceMs: 5000,
    limitMs: 60_000,
    allMs: 300_000,
  };
  const checks = checksFor(settings);
  const verdictOf = inspect(await launch(), settings, checks);
  const found = new Map<string, string>();
  const todo = checks.values();
  const work = async () => {
    for (const { id } of todo) {
      const verdict = await verdictOf(id);
      if (verdict.state === 'failed') found.set(id, verdict.seen.en);
      if (verdict.state === 'not looked at') found.set(id, verdict.reason.en);
    }
  };
  await Promise.all([work(), work(), work()]);
  return checks.flatMap(({ id }) => (found.has(id) ? [`${id}: ${found.get(id)}`] : []));
}

describe('the checker of homeworks', { skip: notAsked || noBrowser, concurrency: 2 }, () => {
  for (const make of MAKES)
    test(`has nothing to say against a right one that ${make.what}`, async (t) => {
      assert.deepEqual(await complaints(await homeworkOf(t, make), '--register'), []);
    });

  for (const mistake of MISTAKES)
    test(`finds one that ${mistake.what}, and complains of nothing else`, async (t) => {
      const isWritten = registerChecks.some(({ id }) => id === mistake.found);
      const options = isWritten ? ['--register'] : [];
      const found = await complaints(await homeworkWith(t, mistake), ...options);
      assert.deepEqual(
        found.map((text) => text.split(':', 1)[0]),
        [mistake.found],
        found.join('\n'),
      );
      assert.doesNotMatch(found.join('\n'), /Error:/, 'in words of its own');
    });

  test('has nothing to say against a right one in Flask', {
    skip: noDatabaseProgram || noFlask,
  }, async (t) => {
    const url = await startFlask(t, await testDatabase());
    assert.deepEqual(await complaints(url, '--register'), []);
  });
});
