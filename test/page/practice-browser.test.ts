/**
 * The browser that is played judges as a real one: each program leaves the same trace in both.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { PROGRAMS } from '../support/practice-programs.ts';

/** Runs in the Worker. */
const RUN = `({ load, requests, said, show }) => {
  load().ask(show);
  for (const request of requests)
    for (let turn = 0; turn < 2 && request.isSent; turn++) {
      request.isSent = false;
      request.answer(200, 'hello');
    }
  return [said.map(String), 'never'];
}`;

/** Runs in the page; ends when each request that was sent has ended. */
const real = (program: string): string => `new Promise((resolve) => {
  const said = [];
  const sent = new Set();
  const end = () => setTimeout(() => [...sent].every((xhr) => xhr.readyState === 4) && resolve(said));
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    sent.add(this);
    this.addEventListener('loadend', end);
    send.call(this, body);
  };
  const hint = document.getElementById('hint');
  hint.textContent = '';
  (function ask(show) { ${program} })((text) => said.push(String(text)));
  end();
}).finally(() => { XMLHttpRequest.prototype.send = window.sendAtFirst; })`;

test('a program comes to the same in the played and in the real browser', {
  skip: noBrowser,
}, async (t) => {
  const { url } = await startApp(t);
  const { page } = await openPage(t, `${url}/?part=practice`);
  await page.route('**/played', (route) => route.fulfill({ status: 200, body: 'hello' }));
  const played = await page.evaluate(
    async ([programs, run]) => {
      const { check } = await import(`${'/static/js/parts/practice'}/check.js`);
      const traces: unknown[] = [];
      for (const program of programs) {
        const exercise = { gives: ['ask'], behaviours: [{ says: { en: '', zh: '' }, run }] };
        const text = `function ask(show) { ${program} }`;
        const [outcome] = await check(exercise, text, new AbortController().signal);
        traces.push(JSON.parse(outcome.got ?? JSON.stringify(outcome)));
      }
      return traces;
    },
    [PROGRAMS, RUN] as const,
  );
  await page.goto(`${url}/static/js/common.js`);
  await page.setContent('<input id="uname"><output id="hint"></output>');
  await page.evaluate('void (window.sendAtFirst = XMLHttpRequest.prototype.send)');
  const differ: unknown[] = [];
  for (const [index, program] of PROGRAMS.entries()) {
    const trace = await page.evaluate(real(program));
    if (JSON.stringify(trace) !== JSON.stringify(played[index]))
      differ.push({ program, real: trace, played: played[index] });
  }
  assert.ok(PROGRAMS.length >= 60, String(PROGRAMS.length));
  assert.deepEqual(differ, []);
});
