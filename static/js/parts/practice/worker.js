// @ts-check
/*
 * Where a reader's program runs: in a Worker, against a simulated browser. Its own policy
 * (lib/http/security.ts) gives this file no network, and leave to make functions out of text, which
 * no other file has; before the program runs, everything is taken away that is not of the language
 * itself. It gets one behaviour to show, answers once, and is ended.
 *
 * The program shares this realm with its judge. Whoever breaks the language's own objects to be
 * praised deceives themselves: what goes back is a few short texts, which the page shows as text.
 */
// biome-ignore lint/suspicious/noRedundantUseStrict: a classic script, as only such a Worker is
'use strict';

{
  /** @typedef {import('./exercise.js').Job} Job */
  /** @typedef {import('./exercise.js').Outcome} Outcome */

  const MOST_LETTERS = 300;
  // The language, and what does nothing but wait, write and encode.
  const KEPT = new Set(
    `AggregateError Array ArrayBuffer BigInt Boolean DataView Date Error EvalError Function Infinity
    Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect
    RegExp Set String Symbol SyntaxError TypeError URIError WeakMap WeakRef WeakSet console
    clearTimeout decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis
    isFinite isNaN parseFloat parseInt queueMicrotask setTimeout undefined unescape
    URLSearchParams Uint8Array TextEncoder TextDecoder`.split(/\s+/),
  );
  const { addEventListener, postMessage, setTimeout } = self;

  /** The program asks for what is not there, or leaves undone what comes first. */
  class Problem extends Error {}

  /** @param {MessageEvent<Job>} event */
  async function work({ data }) {
    /** @type {Outcome['calls']} */
    const calls = [];
    /** @type {Partial<Outcome>} */
    let outcome;
    try {
      strip();
      const [createWorld, behave] = [functionOf(data.createWorld), functionOf(data.run)];
      const run = async (/** @type {import('./exercise.js').World} */ it) => behave(it);
      const world = createWorld(data, calls, Problem);
      // Where `send` waits for the answer, the behaviour gave it too late: once more, with the answer.
      const isTooLate = () => world.answered.length > 0 && world.requests.some(isSynchronous);
      const once = (/** @type {unknown} */ error) => {
        if (!isTooLate()) throw error;
      };
      let verdict = await run(world).catch(once);
      if (isTooLate()) {
        calls.length = 0;
        verdict = await run(createWorld({ ...data, answers: world.answered }, calls, Problem));
      }
      const [got, wanted] = verdict;
      const isRight = textOf(got) === textOf(wanted);
      outcome = isRight ? {} : { got: textOf(got), wanted: textOf(wanted) };
      if (!isRight && got === undefined) outcome = { problem: 'nothing', wanted: textOf(wanted) };
    } catch (error) {
      if (!(error instanceof Problem)) outcome = { thrown: wordsOf(error) };
      else if (error.message !== 'syntax') outcome = { problem: error.message };
      else outcome = { ...(await lineOf(data.program)), thrown: wordsOf(error.cause) };
    }
    const short = Object.entries(outcome).map(([key, text]) => [key, text.slice(0, MOST_LETTERS)]);
    postMessage({ ...Object.fromEntries(short), calls });
  }

  /** Takes away, from this scope and from all that it inherits from, what is not kept. */
  function strip() {
    for (let scope = self; scope !== Object.prototype; scope = Object.getPrototypeOf(scope)) {
      for (const name of Object.getOwnPropertyNames(scope)) {
        if (!KEPT.has(name)) Reflect.deleteProperty(scope, name);
      }
    }
  }

  /** A function of this project's own, from its text; strict, so that a program cannot reach it. */
  function functionOf(/** @type {string} */ text) {
    return new Function(`'use strict'; return (${text});`)();
  }

  /** @param {import('./exercise.js').Request} request */
  const isSynchronous = ({ isAsync }) => !isAsync;

  /** An object may have no way to become text. @param {unknown} error */
  function wordsOf(error) {
    try {
      return String(error);
    } catch {
      return 'an object';
    }
  }

  /**
   * The line at which a program cannot be read: a script's error tells it, new Function's does not.
   * @param {string} program
   * @returns {Promise<{ problem: 'syntax', line?: string }>}
   */
  function lineOf(program) {
    return new Promise((resolve) => {
      addEventListener.call(globalThis, 'error', (event) => {
        event.preventDefault();
        const { lineno } = /** @type {ErrorEvent} */ (event); // a Worker's error is one
        resolve({ problem: 'syntax', line: String(lineno) });
      });
      setTimeout(program);
      // It may be wrong only as the inside of a function.
      setTimeout(() => resolve({ problem: 'syntax' }));
    });
  }

  /** @param {unknown} value */
  function textOf(value) {
    return JSON.stringify(value) ?? String(value);
  }

  self.addEventListener('message', work, { once: true });
  postMessage('ready');
}
