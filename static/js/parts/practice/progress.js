// @ts-check
/*
 * Which exercises are done. That is kept where this course keeps things, in the session, by
 * `session['practice'] = …`; and in this browser, since a restart of the server may end its sessions.
 */
import { ask } from '../../lib/ask.js';
import { resultOf } from '../../lib/failure.js';
import { EXERCISES } from './exercises.js';

/** In the session and in the browser's storage: names of exercises, separated by blanks. */
const KEY = 'practice';

/**
 * @typedef {object} On
 * @property {(done: ReadonlySet<string>) => void} show
 * @property {(value: string) => void} kept what the session holds
 * @property {(xhr: XMLHttpRequest) => void} failed the session could not be read or written
 */

/**
 * @param {AbortSignal} signal
 * @param {On} on
 */
export function createProgress(signal, { show, kept, failed }) {
  /** @type {Set<string>} */
  const done = new Set();
  let inSession = '';

  /** @param {string} value anybody may write the key: only the names of exercises count */
  function note(value) {
    for (const { name } of EXERCISES) if (value.split(' ').includes(name)) done.add(name);
    show(done);
    showInContents(done.size);
  }

  /** @param {unknown} value */
  function noteSession(value) {
    inSession = String(value ?? '');
    kept(inSession);
    note(inSession);
  }

  note(storage.get(KEY) ?? '');
  // Done in another tab.
  storage.onChange(KEY, note, signal);
  ask('GET', '/session', { signal }, (xhr) => {
    const session = resultOf(xhr);
    if (session === undefined) failed(xhr);
    else noteSession(session.data?.[KEY]);
  });

  return {
    /** An exercise is done. @param {string} name */
    add(name) {
      note(`${storage.get(KEY) ?? ''} ${name}`);
      const value = [...done].join(' ');
      storage.set(KEY, value);
      if (inSession.split(' ').includes(name)) return;
      ask('PUT', `/session/${KEY}`, { signal, fields: { value } }, (xhr) => {
        const answer = resultOf(xhr);
        if (answer === undefined) failed(xhr);
        else noteSession(answer.value);
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
