// @ts-check
/*
 * After the course: the same check by `XMLHttpRequest` and by `fetch`, side by side. The functions
 * that are shown are those that run.
 */
import { showCode } from '../lib/code.js';
import { codeOf, elementsOf, line } from '../lib/element.js';
import { whenReleased } from '../lib/press.js';
import { inMs } from '../lib/time.js';
import { follow, followedFetch } from '../lib/traffic.js';
import { checkByFetch, checkByXhr } from './fetch/ways.js';

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
    const abort = checkByXhr(follow(createXhr()), name, byXhr);
    checkByFetch(followedFetch, name, controller.signal).then(byFetch);
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
      whenReleased(() => {
        if (signal.aborted) return;
        const item = line({ en: `${ms} ms:`, zh: `${ms} 毫秒：` }, result);
        elementOf(`result-${way}`).replaceChildren(item);
      });
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
  showCode(elementOf('code-xhr'), codeOf(checkByXhr));
  showCode(elementOf('code-fetch'), codeOf(checkByFetch));
}
