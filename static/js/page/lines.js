// @ts-check
/*
 * The part's own lines, beside what they do: a few functions of the file that the browser runs, read
 * from that file, and the lines that have just run lit up.
 */
import { ask } from '../lib/ask.js';
import { copyButton, showCode } from '../lib/code.js';
import { make } from '../lib/element.js';

/** What runs when a request is sent, when its answer is there, when there is none or a bad one. */
const RUN = {
  sent: /createXhr\(|\.open\(|setRequestHeader\(|\.timeout =|\.send\(|fetch\(|\bask\(/i,
  good: /readyState|\.status\b.*===|responseText|\bok\b|isGood|\bthen\(/,
  bad: /readyState|\.status\b.*[!=]==|failureOf|failureText|\belse\b/,
};

/** @typedef {keyof typeof RUN} Phase */

/**
 * What has been read, by file. The script that runs stays the same when its file is edited.
 * @type {Map<string, string>}
 */
const texts = new Map();

/**
 * Fills the part's `.lines` in: `data-lines` holds a file and the names of functions in it.
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 * @returns {(phase: Phase) => void} lights up what has run
 */
export function showLines(part, signal) {
  const section = part.querySelector('.lines');
  const [file = '', ...names] = section?.getAttribute('data-lines')?.split(' ') ?? [];
  if (!section) return () => {};
  /** @type {HTMLElement[]} */
  let lines = [];
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', file);
  const head = make('p', '');
  head.append(make('code', file), ' ', copyButton(pre));
  section.replaceChildren(head, pre);

  read(file, signal, (text) => {
    lines = showCode(pre, names.map((name) => functionOf(text, name)).join('\n\n'));
  });
  return (phase) => {
    for (const line of lines) {
      line.classList.toggle('lit', RUN[phase].test(line.textContent ?? ''));
    }
    // Into sight, without moving anything but the code.
    const begin = lines.find((line) => line.classList.contains('lit'))?.offsetTop ?? 0;
    if (begin < pre.scrollTop || begin > pre.scrollTop + pre.clientHeight) {
      pre.scrollTop = begin - pre.clientHeight / 3;
    }
  };
}

/**
 * @param {string} file
 * @param {AbortSignal} signal
 * @param {(text: string) => void} done
 */
function read(file, signal, done) {
  const known = texts.get(file);
  if (known !== undefined) return done(known);
  ask('GET', `/${file}`, { signal, isFrame: true }, ({ status, responseText }) => {
    if (status !== 200) return;
    texts.set(file, responseText);
    done(responseText);
  });
}

/**
 * A function as its file has it, moved to the left margin, without what is for the type checker.
 * @param {string} text
 * @param {string} name
 */
export function functionOf(text, name) {
  const all = text.split('\n');
  const begin = all.findIndex((line) =>
    line.trimStart().match(`^(export )?(async )?function ${name}\\(`),
  );
  const indent = all[begin]?.search(/\S/) ?? 0;
  const end = all.indexOf(`${' '.repeat(indent)}}`, begin);
  return all
    .slice(begin, end + 1)
    .map((line) => line.slice(indent))
    .filter((line) => !line.trimStart().startsWith('// @ts-'))
    .join('\n');
}
