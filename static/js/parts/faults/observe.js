// @ts-check
/*
 * Watches a script's request from outside: whether it went out, through which states it came, how
 * it ended, and what the script put on the page. The script itself knows nothing of it.
 */
import { whenReleased } from '../../lib/press.js';
import { follow } from '../../lib/traffic.js';

/** A request that has not gone out by now never will. */
const QUIET_MS = 1500;
const ENDINGS = ['load', 'error', 'timeout', 'abort'];

/**
 * @typedef {object} Seen
 * @property {boolean} isSent
 * @property {number[]} states each once, in their order
 * @property {number} status
 * @property {string} ending the event at the end; empty if there was none
 * @property {string[]} shown what the script showed, one by one
 */

/**
 * @param {(xhr: XMLHttpRequest, show: (text: string) => void) => void} script
 * @param {(seen: Seen) => void} done
 * @returns {() => void} gives it up; `done` is not called any more
 */
export function observe(script, done) {
  const xhr = follow(createXhr());
  /** @type {Seen} */
  const seen = { isSent: false, states: [xhr.readyState], status: 0, ending: '', shown: [] };
  let isGivenUp = false;
  const finish = () => {
    clearTimeout(quiet);
    whenReleased(() => {
      if (!isGivenUp) done({ ...seen, status: xhr.status });
    });
  };

  xhr.addEventListener('readystatechange', () => {
    if (seen.states.at(-1) !== xhr.readyState) seen.states.push(xhr.readyState);
  });
  xhr.addEventListener('loadstart', () => {
    seen.isSent = true;
  });
  for (const type of ENDINGS) {
    xhr.addEventListener(type, () => {
      seen.ending = type;
    });
  }
  xhr.addEventListener('loadend', finish);
  script(xhr, (text) => void seen.shown.push(text));
  const quiet = seen.isSent ? undefined : setTimeout(finish, QUIET_MS);

  return () => {
    isGivenUp = true;
    clearTimeout(quiet);
    xhr.abort();
  };
}
