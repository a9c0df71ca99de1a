/**
 * The simulated browser of the exercises beside the one that it runs in: each program of
 * `practice-programs.ts` is run in both, and its traces are compared.
 */
import { text } from '../../lib/http/reply.ts';
import type { Route } from '../../lib/routes/route.ts';
import { PROGRAMS } from './practice-programs.ts';

/** What the programs ask for: a route beyond the table. */
export const PLAYED: Route = { method: 'GET', path: '/played', handler: () => text(200, 'hello') };

/** A window of any browser. */
export interface Page {
  open(url: string): Promise<unknown>;
  /** Runs a function of the page, given as text, and returns what its promise comes to. */
  runText(code: string): Promise<unknown>;
}

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
const real = (program: string): string => `() => new Promise((resolve) => {
  const said = [];
  const sent = new Set();
  const hasEnded = ({ readyState }) => readyState === 4 || readyState === 0;
  const end = () => setTimeout(() => Array.from(sent).every(hasEnded) && resolve(said));
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (body) {
    sent.add(this);
    this.addEventListener('loadend', end);
    send.call(this, body);
  };
  setTimeout(() => resolve([...said, 'still under way']), 5000);
  document.body.innerHTML = '<input id="uname"><output id="hint"></output>';
  const hint = document.getElementById('hint');
  (function ask(show) { ${program} })((text) => said.push(String(text)));
  end();
}).finally(() => { XMLHttpRequest.prototype.send = window.sendAtFirst; })`;

/** Runs in the page: every program in the simulated browser. */
const SIMULATE = `async () => {
  const { check } = await import('/static/js/parts/practice/check.js');
  const traces = [];
  for (const program of ${JSON.stringify(PROGRAMS)}) {
    const behaviours = [{ says: { en: '', zh: '' }, run: ${RUN} }];
    const text = 'function ask(show) { ' + program + ' }';
    const [outcome] = await check({ gives: ['ask'], behaviours }, text, new AbortController().signal);
    traces.push(JSON.parse(outcome.got ?? JSON.stringify(outcome)));
  }
  return traces;
}`;

/** @returns the programs whose traces differ */
export async function comparePrograms(page: Page, url: string): Promise<unknown[]> {
  await page.open(`${url}/?part=practice`);
  const simulated = (await page.runText(SIMULATE)) as unknown[];
  // A document without scripts of its own.
  await page.open(`${url}/static/js/common.js`);
  await page.runText('() => void (window.sendAtFirst = XMLHttpRequest.prototype.send)');
  const differ: unknown[] = [];
  for (const [index, program] of PROGRAMS.entries()) {
    const trace = await page.runText(real(program));
    if (JSON.stringify(trace) !== JSON.stringify(simulated[index]))
      differ.push({ program, real: trace, simulated: simulated[index] });
  }
  return differ;
}
