// @ts-check
/*
 * Source code on the page: beside a lesson its file, whole, with the lines lit up that a request was
 * seen to come from; and below it the files behind the part, read from the server's own disk.
 */
import { ask } from '../lib/ask.js';
import { copyButton, readFile, showCode } from '../lib/code.js';
import { make } from '../lib/element.js';

const NOT_NOW = { en: 'The file cannot be shown now.', zh: '暂时无法显示这个文件。' };
const OFF = {
  en: 'The server runs with LAB=off, and so shows no files. Look into the project itself.',
  zh: '服务器以 LAB=off 运行，不显示文件。请直接看项目源码。',
};
const WATCHED = {
  en: 'The whole file, as it runs here. The page watches the browser’s own XMLHttpRequest from outside, and lights up the lines that have used it.',
  zh: '这是实际运行的整个文件。本页从外部观察浏览器自己的 XMLHttpRequest，并标出刚刚用到它的那几行。',
};

/** @typedef {(places: Set<string>) => void} Light lights up lines, each as `file:number` */

/**
 * Fills the `.lines` of a part in: `data-lines` names a file.
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 * @returns {Light}
 */
export function showLines(part, signal) {
  const lights = [...part.querySelectorAll('.lines')].map((section) => showFile(section, signal));
  return (places) => {
    for (const light of lights) light(places);
  };
}

/** @param {Element} section @param {AbortSignal} signal @returns {Light} */
function showFile(section, signal) {
  const file = section.getAttribute('data-lines') ?? '';
  /** @type {HTMLElement[]} */
  let lines = [];
  const pre = codeBox(file);
  const head = make('p', '');
  head.append(make('code', file), ' ', copyButton(pre));
  const note = make('p', WATCHED);
  note.className = 'hint';
  section.replaceChildren(head, pre, note);

  readFile(file, signal, (text) => {
    lines = showCode(pre, text);
  });
  return (places) => {
    for (const [index, line] of lines.entries()) {
      line.classList.toggle('lit', places.has(`${file}:${index + 1}`));
    }
    // Into sight, without moving anything but the code; of the box, only a part may be on the screen.
    const lit = lines.filter((line) => line.classList.contains('lit'));
    const [first, last] = [lit[0], lit.at(-1)];
    if (!first || !last) return;
    const { top, bottom } = pre.getBoundingClientRect();
    const seen = Math.max(0, Math.min(bottom, innerHeight) - top) || pre.clientHeight;
    const end = last.offsetTop + last.offsetHeight - pre.scrollTop;
    if (first.offsetTop >= pre.scrollTop && end <= seen) return;
    pre.scrollTop = first.offsetTop - first.offsetHeight;
  };
}

/**
 * Fills the part's `data-sources` in: a list of files, separated by blanks, each of which opens on
 * demand.
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function showSources(part, signal) {
  const files = (part.dataset.sources ?? '').split(' ').filter((file) => file !== '');
  if (files.length === 0) return;
  const section = document.createElement('section');
  section.className = 'sources';
  const heading = make('h2', { en: 'The code that ran', zh: '运行的代码' });
  section.append(heading, ...files.map((file) => sourceOf(file, signal)));
  part.append(section);
}

/**
 * @param {string} file
 * @param {AbortSignal} signal
 */
function sourceOf(file, signal) {
  const details = document.createElement('details');
  const summary = make('summary', file);
  const pre = codeBox(file);
  details.append(summary, copyButton(pre), pre);
  details.addEventListener('toggle', () => {
    if (details.open) load(file, pre, signal);
  });
  return details;
}

/**
 * @param {string} file
 * @param {HTMLElement} pre
 * @param {AbortSignal} signal
 */
function load(file, pre, signal) {
  const url = `/lab/source?file=${encodeURIComponent(file)}`;
  ask('GET', url, { signal, isFrame: true }, (xhr) => {
    if (xhr.status === 200) showCode(pre, xhr.responseText);
    else language.say(pre, xhr.status === 404 ? OFF : NOT_NOW);
  });
}

/** Where code is shown: it scrolls, so the keyboard reaches it. @param {string} file */
function codeBox(file) {
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', file);
  return pre;
}
