// @ts-check
/*
 * The return trap: runs each of the four ways, and notes when the function came back, with what,
 * and when the answer was there.
 */
import { askAndAwait, askAndCall, askAndReturn, askAndWait } from '../lessons/return.js';
import { showCode } from '../lib/code.js';
import { elementsOf, line, tell } from '../lib/element.js';
import { onOpened, traced } from '../lib/observe-xhr.js';
import { inMs } from '../lib/time.js';

/** @typedef {(...pieces: (Message | string)[]) => void} Note writes a line down, with its time */

const BACK = { en: 'the function has returned; answer is', zh: '函数返回了；answer 是' };
const RETURNED = { en: 'the callback returned', zh: '回调返回了' };
const DROPPED = { en: 'to the browser, which drops it', zh: '给浏览器，浏览器把它丢掉了' };
const GUESS_FIRST = { en: 'Guess first: choose one of the three.', zh: '先猜一猜：三个里选一个。' };
const RIGHT = { en: 'You guessed right.', zh: '你猜对了。' };
const WRONG = { en: 'Not as you guessed.', zh: '和你猜的不一样。' };
const BROKEN = { en: 'no answer:', zh: '没有得到响应：' };

/**
 * How a function is called; the code is what the reader sees.
 * @typedef {object} Way
 * @property {Function} way
 * @property {string} call
 * @property {string} right what `answer` is, as the choices have it
 * @property {(note: Note, judge: () => void) => void} run calls `judge` when the answer is seen
 */
/** @type {Record<string, Way>} */
const WAYS = {
  trap: {
    way: askAndReturn,
    call: 'const answer = askAndReturn();',
    right: 'undefined',
    run(note, judge) {
      const opened = new AbortController();
      onOpened((xhr) => {
        xhr.addEventListener('loadend', () =>
          note(RETURNED, JSON.stringify(xhr.responseText), DROPPED),
        );
      }, opened.signal);
      const answer = askAndReturn();
      opened.abort();
      note(BACK, String(answer));
      judge();
    },
  },
  wait: {
    way: askAndWait,
    call: 'const answer = askAndWait();',
    right: 'text',
    run(note, judge) {
      const answer = askAndWait();
      note(BACK, JSON.stringify(answer));
      judge();
      note({ en: 'until now, the whole page stood still', zh: '直到此刻，整个页面都停着' });
    },
  },
  call: {
    way: askAndCall,
    call: 'askAndCall((answer) => show(answer));',
    right: 'text',
    run(note, judge) {
      /** @param {string} answer */
      const show = (answer) => {
        note(
          { en: 'the callback has it: answer is', zh: '回调拿到了：answer 是' },
          JSON.stringify(answer),
        );
        judge();
      };
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
    right: 'text',
    async run(note, judge) {
      const promise = askAndAwait();
      note({ en: 'the function has returned, with', zh: '函数返回了，得到' }, String(promise));
      const answer = await promise;
      note(
        { en: 'the promise is fulfilled: answer is', zh: 'Promise 兑现了：answer 是' },
        JSON.stringify(answer),
      );
      judge();
    },
  },
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);

  for (const [name, { way, call, right, run }] of Object.entries(WAYS)) {
    showCode(elementOf(`code-${name}`), `${way}\n\n${call}`);
    const result = elementOf(`result-${name}`);
    const verdict = elementOf(`verdict-${name}`);
    const guesses = elementOf(`guess-${name}`);
    elementOf(`run-${name}`).addEventListener(
      'click',
      async () => {
        result.replaceChildren();
        tell(verdict, '', '');
        const guess = /** @type {HTMLInputElement | null} */ (guesses.querySelector(':checked'));
        if (guess === null) {
          tell(verdict, GUESS_FIRST, 'bad');
          guesses.querySelector('input')?.focus();
          return;
        }
        const judge = () => {
          const isRight = guess.value === right;
          tell(verdict, isRight ? RIGHT : WRONG, isRight ? 'good' : 'bad');
        };
        const begin = performance.now();
        /** @type {Note} */
        const note = (...pieces) => {
          const ms = `${inMs(performance.now() - begin)}`;
          if (signal.aborted) return;
          result.append(line({ en: `${ms} ms:`, zh: `${ms} 毫秒：` }, ...pieces));
        };
        try {
          await run(note, judge);
        } catch (error) {
          note(BROKEN, String(error));
        }
      },
      { signal },
    );
  }
}
