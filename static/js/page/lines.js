// @ts-check
/*
 * The lesson's file beside what it does: whole, as the browser runs it, with the lines lit up that a
 * request was seen to come from.
 */
import { copyButton, readFile, showCode } from '../lib/code.js';
import { make } from '../lib/element.js';

const WATCHED = {
  en: 'The whole file, as it runs here. The page watches the browser’s own XMLHttpRequest from outside, and lights up the lines that have used it.',
  zh: '这是实际运行的整个文件。本页从外部观察浏览器自己的 XMLHttpRequest，并标出刚刚用到它的那几行。',
};

/**
 * Fills the part's `.lines` in: `data-lines` names a file.
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 * @returns {(places: Set<string>) => void} lights up lines, each as `file:number`
 */
export function showLines(part, signal) {
  const section = part.querySelector('.lines');
  const file = section?.getAttribute('data-lines') ?? '';
  if (!section) return () => {};
  /** @type {HTMLElement[]} */
  let lines = [];
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', file);
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
    // Into sight, without moving anything but the code.
    const begin = lines.find((line) => line.classList.contains('lit'))?.offsetTop;
    if (begin === undefined) return;
    if (begin < pre.scrollTop || begin > pre.scrollTop + pre.clientHeight) {
      pre.scrollTop = begin - pre.clientHeight / 3;
    }
  };
}
