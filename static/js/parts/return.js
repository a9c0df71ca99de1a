// @ts-check
/*
 * The return trap: runs each of the four ways, and notes when the function came back, with what,
 * and when the answer was there.
 */
import { askAndAwait, askAndCall, askAndReturn, askAndWait } from '../lessons/return.js';
import { showCode } from '../lib/code.js';
import { elementsOf, line } from '../lib/element.js';
import { onOpened, traced } from '../lib/observe-xhr.js';
import { inMs } from '../lib/time.js';

/** @typedef {(...pieces: (Message | string)[]) => void} Note writes a line down, with its time */

const BACK = { en: 'the function has returned; answer is', zh: '函数返回了；answer 是' };
const RETURNED = { en: 'the callback returned', zh: '回调返回了' };
const DROPPED = { en: 'to the browser, which drops it', zh: '给浏览器，浏览器把它丢掉了' };
const BROKEN = { en: 'no answer:', zh: '没有得到响应：' };

/**
 * How each way is called; the code beside it is what the reader sees.
 * @type {Record<string, { way: Function, call: string, run(note: Note): void }>}
 */
const WAYS = {
  trap: {
    way: askAndReturn,
    call: 'const answer = askAndReturn();',
    run(note) {
      const opened = new AbortController();
      onOpened((xhr) => {
        xhr.addEventListener('loadend', () =>
          note(RETURNED, JSON.stringify(xhr.responseText), DROPPED),
        );
      }, opened.signal);
      const answer = askAndReturn();
      opened.abort();
      note(BACK, String(answer));
    },
  },
  wait: {
    way: askAndWait,
    call: 'const answer = askAndWait();',
    run(note) {
      const answer = askAndWait();
      note(BACK, JSON.stringify(answer));
      note({ en: 'until now, the whole page stood still', zh: '直到此刻，整个页面都停着' });
    },
  },
  call: {
    way: askAndCall,
    call: 'askAndCall(show);',
    run(note) {
      /** @param {string} answer */
      const show = (answer) =>
        note(
          { en: 'the callback has it: answer is', zh: '回调拿到了：answer 是' },
          JSON.stringify(answer),
        );
      askAndCall(traced(show));
      note({
        en: 'the function has returned, without a value',
        zh: '函数返回了，没有返回值',
      });
    },
  },
  await: {
    way: askAndAwait,
    call: 'const promise = askAndAwait();\nconst answer = await promise;',
    async run(note) {
      const promise = askAndAwait();
      note({ en: 'the function has returned, with', zh: '函数返回了，得到' }, String(promise));
      const answer = await promise;
      note(
        { en: 'the promise is fulfilled: answer is', zh: 'Promise 兑现了：answer 是' },
        JSON.stringify(answer),
      );
    },
  },
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);

  for (const [name, { way, call, run }] of Object.entries(WAYS)) {
    showCode(elementOf(`code-${name}`), `${way}\n\n${call}`);
    const result = elementOf(`result-${name}`);
    elementOf(`run-${name}`).addEventListener(
      'click',
      async () => {
        result.replaceChildren();
        const begin = performance.now();
        /** @type {Note} */
        const note = (...pieces) => {
          const ms = `${inMs(performance.now() - begin)}`;
          if (signal.aborted) return;
          result.append(line({ en: `${ms} ms:`, zh: `${ms} 毫秒：` }, ...pieces));
        };
        try {
          await run(note);
        } catch (error) {
          note(BROKEN, String(error));
        }
      },
      { signal },
    );
  }
}
