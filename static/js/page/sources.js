// @ts-check
/*
 * The code that ran: a part names the files behind it, and here they are shown, read from the
 * server's own disk, so they cannot drift from what runs.
 */
import { ask } from '../lib/ask.js';
import { copyButton, showCode } from '../lib/code.js';
import { make } from '../lib/element.js';

const NOT_NOW = { en: 'The file cannot be shown now.', zh: '暂时无法显示这个文件。' };
const OFF = {
  en: 'The server runs with LAB=off, and so shows no files. Look into the project itself.',
  zh: '服务器以 LAB=off 运行，不显示文件。请直接看项目源码。',
};

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
  const pre = document.createElement('pre');
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', file);
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
