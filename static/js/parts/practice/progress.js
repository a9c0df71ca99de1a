// @ts-check
/*
 * Which exercises are done. That is kept where this course keeps things: in the session, by
 * `session['practice'] = …`. It lasts as long as the session.
 */
import { ask } from '../../lib/ask.js';
import { resultOf } from '../../lib/failure.js';
import { EXERCISES } from './exercises.js';

const KEY = 'practice';

/**
 * @typedef {object} Told
 * @property {(done: ReadonlySet<string>, value: string) => void} show what is kept, and as which text
 * @property {(xhr: XMLHttpRequest) => void} failed it could not be read or kept
 */

/**
 * @param {AbortSignal} signal
 * @param {Told} told
 */
export function createProgress(signal, { show, failed }) {
  /** @type {Set<string>} */
  const done = new Set();

  /** @param {string} value what is kept */
  function take(value) {
    // Anybody may write the key: only what is an exercise counts.
    for (const { name } of EXERCISES) if (value.split(' ').includes(name)) done.add(name);
    show(done, value);
    showInContents(done.size);
  }

  ask('GET', '/session', { signal }, (xhr) => {
    const session = resultOf(xhr);
    if (session === undefined) failed(xhr);
    else take(String(session.data?.[KEY] ?? ''));
  });

  return {
    /** An exercise is done. @param {string} name */
    add(name) {
      if (done.has(name)) return;
      done.add(name);
      const value = [...done].join(' ');
      ask('PUT', `/session/${KEY}`, { signal, fields: { value } }, (xhr) => {
        const answer = resultOf(xhr);
        if (answer !== undefined) return take(String(answer.value));
        done.delete(name);
        failed(xhr);
      });
    },
  };
}

/** How many are done, beside the link of this part. @param {number} count */
function showInContents(count) {
  const link = document.querySelector('nav a[href="/?part=practice"]');
  if (link === null) return;
  const mark = link.querySelector('.count') ?? document.createElement('span');
  mark.className = 'count';
  mark.textContent = `${count}/${EXERCISES.length}`;
  link.append(mark);
}
