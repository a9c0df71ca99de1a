// @ts-check
/*
 * Watches a script's request from outside: whether it went out, through which states it came, how
 * it ended, and what the script put on the page. The script itself knows nothing of it.
 */
import { onOpened, traced } from '../../lib/observe-xhr.js';

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
 * @param {(show: (text: string) => void) => void} script sends one request, or fails to
 * @param {(seen: Seen) => void} done
 * @returns {() => void} gives it up; `done` is not called any more
 */
export function observe(script, done) {
  /** @type {Seen} */
  const seen = { isSent: false, states: [0], status: 0, ending: '', shown: [] };
  const opening = new AbortController();
  let isGivenUp = false;
  let abort = () => {};
  const finish = () => {
    clearTimeout(quiet);
    if (!isGivenUp) done(seen);
  };

  onOpened((xhr) => {
    const step = () => {
      seen.status = xhr.status;
      if (seen.states.at(-1) !== xhr.readyState) seen.states.push(xhr.readyState);
    };
    step();
    xhr.addEventListener('readystatechange', step);
    xhr.addEventListener('loadstart', () => {
      seen.isSent = true;
    });
    for (const type of ENDINGS) {
      xhr.addEventListener(type, () => {
        seen.ending = type;
      });
    }
    xhr.addEventListener('loadend', finish);
    abort = () => xhr.abort();
  }, opening.signal);
  script(traced((text) => void seen.shown.push(text)));
  opening.abort();
  const quiet = seen.isSent ? undefined : setTimeout(finish, QUIET_MS);

  return () => {
    isGivenUp = true;
    clearTimeout(quiet);
    abort();
  };
}
