/**
 * The checks as tests, for `npm run homework`, which says by HOMEWORK_SETTINGS what to look at.
 * Without it there are none.
 */
import { after, describe, test } from 'node:test';
import { launchChromium } from '../../support/chromium.ts';
import { checksFor } from './checks.ts';
import { inspect } from './inspection.ts';
import type { Settings } from './settings.ts';

const told = process.env.HOMEWORK_SETTINGS;
if (told !== undefined) {
  const settings = JSON.parse(told) as Settings; // run.ts wrote it
  const checks = checksFor(settings);
  const browser = await launchChromium();
  after(() => browser.close());
  const verdictOf = inspect(browser, settings, checks);
  const { language } = settings;
  describe('homework', { concurrency: 6 }, () => {
    for (const { id, says, why, look } of checks)
      test(says[language], async (t) => {
        const verdict = await verdictOf(id);
        if (verdict.state === 'passed over') t.skip(verdict.because.says[language]);
        // What stands here is for the reader of the reporter, not for a finder of bugs.
        if (verdict.state === 'failed')
          throw new Error([verdict.seen, why, look].map((text) => text[language]).join('\n'));
      });
  });
}
