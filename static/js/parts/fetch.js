// @ts-check
/*
 * After the course: the same check by `XMLHttpRequest` and by `fetch`, side by side. The functions
 * that are shown are those that run.
 */
import { checkByFetch, checkByXhr } from '../lessons/fetch.js';
import { showCode } from '../lib/code.js';
import { elementsOf, line } from '../lib/element.js';
import { traced } from '../lib/observe-xhr.js';
import { inMs } from '../lib/time.js';

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const input = elementOf('name', HTMLInputElement);
  let giveUp = () => {};
  signal.addEventListener('abort', () => giveUp());

  function checkBoth() {
    giveUp();
    const name = input.value;
    const controller = new AbortController();
    const byXhr = timed('xhr');
    const byFetch = timed('fetch');
    const abort = checkByXhr(name, traced(byXhr));
    checkByFetch(name, controller.signal).then(byFetch);
    giveUp = () => {
      abort();
      controller.abort();
    };
  }

  /** Says how one of the two went, and how long it took. @param {'xhr' | 'fetch'} way */
  function timed(way) {
    const begin = performance.now();
    elementOf(`result-${way}`).replaceChildren();
    return (/** @type {string} */ result) => {
      const ms = inMs(performance.now() - begin);
      if (signal.aborted) return;
      const item = line({ en: `${ms} ms:`, zh: `${ms} 毫秒：` }, result);
      elementOf(`result-${way}`).replaceChildren(item);
    };
  }

  elementOf('try').addEventListener('submit', checkBoth, { signal });
  elementOf('give-up').addEventListener(
    'click',
    () => {
      checkBoth();
      giveUp();
    },
    { signal },
  );
  showCode(elementOf('code-xhr'), String(checkByXhr));
  showCode(elementOf('code-fetch'), String(checkByFetch));
}
