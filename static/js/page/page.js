// @ts-check
/*
 * The frame around the lessons: one page that loads only the part that changes. A part is a piece
 * of HTML in `static/parts/` and a script of the same name in `parts/`, which exports `start`. Back,
 * Forward, refresh and links work because each part has an address of its own (History API).
 */
import { ask } from '../lib/ask.js';
import { abortAll } from '../lib/observe-xhr.js';
import { createDrawing } from './drawing/drawing.js';
import { noPart, noScript } from './failed.js';
import { addPager, HOME, markDone, markLink, partOf, titleOf } from './nav.js';
import { markNavigation } from './navigations.js';
import { checkRequirements } from './requirements.js';
import { createScrollRestoration } from './scroll-restoration.js';
import { showLines, showSources } from './source-view.js';

/** @typedef {import('./navigations.js').NavigationType} NavigationType */
/** @typedef {{ start(part: HTMLElement, signal: AbortSignal): void }} Script of a part */

const SITE = { en: 'Sessions and AJAX, live', zh: '会话与 AJAX，现场演示' };
const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const scrolling = createScrollRestoration(() => main.ariaBusy !== 'true');
const drawing = createDrawing(/** @type {HTMLElement} */ (document.querySelector('#drawing')));
const home = /** @type {HTMLElement} */ (main.querySelector('article'));
/** The first part as the page has brought it, to come back to; the drawing is one for all parts. */
const first = /** @type {HTMLElement} */ (home.cloneNode(true));
first.querySelector('#drawing')?.remove();

/** The address of the part on the screen, or on its way there; empty when that has failed. */
let current = '';
/** Aborted when the reader leaves the part: removes its listeners, cancels its requests and timers. */
let controller = new AbortController();

/**
 * Shows the part that an address names. HTML and script are loaded in parallel and shown when both
 * are there, so that no click comes before its listener and nothing moves.
 * @param {string} href
 * @param {NavigationType} type what brought the reader here
 */
async function show(href, type) {
  controller.abort();
  abortAll();
  controller = new AbortController();
  const { signal } = controller;
  const name = partOf(href);
  current = withoutHash(href);
  markLink(name);
  markNavigation(titleOf(name), type);
  document.documentElement.dataset.part = name === HOME ? '' : name;

  const script = import(`../parts/${name}.js`).catch((error) => ({ error }));
  // The first part is on the page already, and the visitor may have begun to type.
  const isHere = name === HOME && type === 'load';
  if (!isHere) main.ariaBusy = 'true';
  const part = isHere ? home : await partNamed(name, signal);
  if (typeof part === 'number') return fail(part, href, type);
  if (isHere) enhance(name, part, signal);
  const { start, error } = await script;
  if (signal.aborted) return;

  main.ariaBusy = 'false';
  showTitle();
  if (!isHere) {
    main.replaceChildren(part);
    enhance(name, part, signal);
  }
  if (start) {
    start(part, signal);
  } else {
    part.prepend(...noScript());
    reportError(error);
  }
  settle(type);
}

/**
 * A part's HTML as an element. It is this server's own file, so it may be parsed as HTML.
 * @param {string} name
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement | number>} the status of an answer that is no part
 */
function partNamed(name, signal) {
  if (name === HOME) return Promise.resolve(/** @type {HTMLElement} */ (first.cloneNode(true)));
  return new Promise((resolve) => {
    ask('GET', `/static/parts/${name}.html`, { signal, isFrame: true }, (xhr) => {
      const template = document.createElement('template');
      if (xhr.status === 200) template.innerHTML = xhr.responseText;
      const part = template.content.firstElementChild;
      // A login page of the network may answer 200 as well.
      resolve(part instanceof HTMLElement && part.matches('article') ? part : xhr.status);
    });
  });
}

/** @param {number} status @param {string} href @param {NavigationType} type */
function fail(status, href, type) {
  current = '';
  main.ariaBusy = 'false';
  main.replaceChildren(...noPart(status, () => show(href, 'link')));
  showTitle();
  settle(type);
}

/** Focuses and scrolls to where the reader of a new part begins. @param {NavigationType} type */
function settle(type) {
  if (type !== 'load') main.focus({ preventScroll: true });
  if (type === 'link') scrollTo(0, 0);
  else scrolling.restore();
}

/**
 * What the frame adds to a part.
 * @param {string} name
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
function enhance(name, part, signal) {
  checkRequirements(part, signal);
  drawing.enter(part, showLines(part, signal));
  showSources(part, signal);
  addPager(name, part);
}

/** @param {string} href */
function withoutHash(href) {
  return href.split('#')[0] ?? '';
}

function showTitle() {
  const site = SITE[language.current];
  const title = current && titleOf(partOf(current))[language.current];
  main.setAttribute('aria-label', title || site);
  document.title = title ? `${title} · ${site}` : site;
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.origin !== location.origin || link.pathname !== '/' || link.hash) return;
  // Open in a new tab and the like stay the browser's.
  const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
  if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey || link.target) return;
  event.preventDefault();
  if (link.rel === 'next') markDone(partOf(current));
  scrolling.save();
  if (link.href !== location.href) history.pushState({ scroll: 0 }, '', link.href);
  show(link.href, 'link');
}

// A button with `disabled` would lose the focus, so `setDisabled` leaves its clicks to be stopped.
document.addEventListener(
  'click',
  (event) => {
    if (!(event.target instanceof Element)) return;
    if (!event.target.closest('[aria-disabled="true"]')) return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
document.addEventListener('click', follow);
// A form is sent by its lesson's script. When that has been left, and the next part is still on its
// way, the browser must not send it: that would write a password into the address.
document.addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('languagechange', showTitle);
addEventListener('popstate', () => {
  // The link that skips the navigation changes the hash alone: there is nothing to load.
  if (withoutHash(location.href) === current) scrolling.restore();
  else show(location.href, 'history');
});
show(location.href, 'load');
