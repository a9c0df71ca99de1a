import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';

const button = (page: Page, name: string) => page.getByRole('button', { name });

async function predict(page: Page, fault: string, prediction: string): Promise<void> {
  await button(page, fault).click();
  await page.getByRole('radio', { name: prediction }).check();
  await button(page, 'Run it').click();
}

interface Case {
  script: string;
  fault: string;
  right: string;
  seen: [sent: string, states: string, status: string, ending: string];
  shown: RegExp;
  /** Whether the browser writes a line on the console. */
  isOnConsole: boolean;
}

const ALL = '0 → 1 → 2 → 3 → 4';
const cases: Case[] = [
  {
    script: 'Script 1',
    fault: '404: the address is wrong',
    right: 'status 404',
    seen: ['yes', ALL, '404', 'load'],
    shown: /^nothing$/,
    isOnConsole: true,
  },
  {
    script: 'Script 2',
    fault: '500: the server failed',
    right: 'status is 500',
    seen: ['yes', ALL, '500', 'load'],
    shown: /^nothing$/,
    isOnConsole: true,
  },
  {
    script: 'Script 3',
    fault: 'send() is forgotten',
    right: 'Nothing goes out',
    seen: ['no', '0 → 1', '0', 'none within 1.5 s'],
    shown: /^nothing$/,
    isOnConsole: false,
  },
  {
    script: 'Script 4',
    fault: 'onreadystatechange is misspelt',
    right: 'nobody listens',
    seen: ['yes', ALL, '200', 'load'],
    shown: /^nothing$/,
    isOnConsole: false,
  },
  {
    script: 'Script 5',
    fault: 'readyState is never tested',
    right: 'several times',
    seen: ['yes', ALL, '200', 'load'],
    shown: /^"" \(0 characters\)\n"piece 1 of 3…" \(1024 characters\)\n.+\(3072 characters\)$/s,
    isOnConsole: false,
  },
  {
    script: 'Script 6',
    fault: 'The time is up',
    right: 'event timeout',
    seen: ['yes', '0 → 1 → 4', '0', 'timeout'],
    shown: /^nothing$/,
    isOnConsole: false,
  },
  {
    script: 'Script 7',
    fault: 'The server cannot be reached',
    right: 'event error',
    seen: ['yes', ALL, '0', 'error'],
    shown: /^nothing$/,
    isOnConsole: true,
  },
];

describe('finding faults', { skip: noBrowser, concurrency: 3 }, () => {
  for (const { script, fault, right, seen, shown, isOnConsole } of cases) {
    test(`shows the fault and why: ${fault}`, async (t) => {
      const { url } = await startApp(t);
      const { page, expectErrors } = await openPage(t, `${url}/?part=faults`);
      expectErrors(/Failed to load resource/);
      const errors: string[] = [];
      page.on('console', (line) => {
        if (line.type() === 'error') errors.push(line.text());
      });
      assert.equal(await page.getByText(fault).count(), 0, 'not named before it has run');
      await predict(page, script, right);
      await page.getByText('As you said.').waitFor();
      const values = await page.locator('#seen dd').allInnerTexts();
      assert.deepEqual(values.slice(0, 4), seen);
      assert.match(values[4] ?? '', shown);
      assert.ok(((await page.locator('#why').textContent()) ?? '').length > 100);
      assert.match(
        await button(page, script).innerText(),
        new RegExp(
          `^${script}\\s+${fault.replace('()', '\\(\\)')}\\s*readyState \\d, status \\d+, .+, shown \\d×$`,
        ),
      );
      assert.equal(errors.length, isOnConsole ? 1 : 0, errors.join('\n'));
    });
  }

  test('asks for a prediction first, and moves the focus there', async (t) => {
    const { url, lines } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=faults`);
    await button(page, 'Run it').click();
    await page.getByText('Predict first').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT');
    assert.ok(!lines.some((line) => line.includes('01-sever')), lines.join('\n'));
  });

  test('says when it was not so, by keyboard, in both languages', async (t) => {
    const { url } = await startApp(t);
    const { page, expectErrors } = await openPage(t, `${url}/?part=faults`, { locale: 'zh-CN' });
    expectErrors(/status of 404/);
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByText('和你猜的不一样。').waitFor();
    await page.getByText('脚本只认 200').waitFor();
    await button(page, 'English').click();
    await page.getByText('Not as you said.').waitFor();
    await page.getByText('The script looks for 200 only').waitFor();
  });

  test('gives a run up when another fault is chosen', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=faults`);
    await page.route('**/01-sever*', () => {}); // no answer comes
    await predict(page, 'Script 1', '404');
    await page.getByText('Running…').waitFor();
    await predict(page, 'Script 3', 'without a body');
    await page.getByText('Not as you said.').waitFor();
    assert.equal(await page.locator('#states').innerText(), '0 → 1');
    assert.equal(await button(page, 'Script 1').locator('small').innerText(), '');
  });

  test('says nothing of a run whose fault is no longer on the screen', async (t) => {
    const { url } = await startApp(t);
    const { page } = await openPage(t, `${url}/?part=faults`);
    const over = page.waitForEvent('requestfailed');
    await page.route('**/01-sever*', () => {}); // no answer comes
    await predict(page, 'Script 1', '404');
    await page.getByText('Running…').waitFor();
    await button(page, 'Script 3').click();
    await over;
    await page.evaluate(() => fetch('/healthz'));
    assert.equal(await page.locator('#message').innerText(), '');
    assert.equal(await page.locator('#seen').isVisible(), false);
  });
});
