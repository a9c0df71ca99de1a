// @ts-check
/*
 * The frame around the lessons: one page that loads only the part that changes. A part is a piece
 * of HTML in `static/parts/` and a script of the same name in `parts/`, which exports `start`. Back,
 * Forward, refresh and links work because each part has an address of its own (History API).
 */
import { ask } from '../lib/ask.js';
import { HOME, markDone, markLink, partOf, titleOf } from './contents.js';
import { createDrawing } from './drawing/drawing.js';
import { noPart, noScript } from './failed.js';
import { showLines } from './lines.js';
import { noteMove } from './moves.js';
import { noticeNeeds } from './needs.js';
import { createPlace } from './place.js';
import { showSources } from './sources.js';
import { addSteps } from './steps.js';

/** @typedef {import('./moves.js').How} How */
/** @typedef {{ start(part: HTMLElement, signal: AbortSignal): void }} Script of a part */

const SITE = { en: 'Sessions and AJAX, live', zh: '会话与 AJAX，现场演示' };
const main = /** @type {HTMLElement} */ (document.querySelector('main'));
const place = createPlace(() => main.ariaBusy !== 'true');
const drawing = createDrawing(/** @type {HTMLElement} */ (document.querySelector('#drawing')));
/** The first part as the page has brought it, to come back to; the drawing is one for all parts. */
const first = /** @type {HTMLElement} */ (main.querySelector('article')?.cloneNode(true));
first.querySelector('#drawing')?.remove();

/** The part on the screen, or on its way there; empty when that has failed. */
let current = '';
/** Ends what the part on the screen has going: its listeners, its requests, its timers. */
let leaving = new AbortController();

/**
 * Loads a part and shows it, when its script is there as well: a press that nobody hears would be
 * lost, and what the script fills in would move what stands below it.
 * @param {string} name
 * @param {How} how what brought the reader here
 */
function show(name, how) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  current = name;
  markLink(name);
  noteMove(titleOf(name), how);
  document.documentElement.dataset.part = name === HOME ? '' : name;
  const script = import(`../parts/${name}.js`);
  script.catch(() => {}); // told in `begin`, if there is such a part at all
  if (name === HOME && how === 'load') {
    // It is there already, whole, and the visitor may have begun to type.
    const part = /** @type {HTMLElement} */ (main.querySelector('article'));
    furnish(name, part, signal);
    begin(part, script, how);
    return;
  }
  main.ariaBusy = 'true';
  if (name === HOME) {
    arrive(name, /** @type {HTMLElement} */ (first.cloneNode(true)), script, how);
    return;
  }
  ask('GET', `/static/parts/${name}.html`, { signal, isFrame: true }, (xhr) => {
    if (xhr.status === 200) arrive(name, partIn(xhr.responseText), script, how);
    else fail(name, xhr.status, how);
  });
}

/**
 * @param {string} name
 * @param {HTMLElement} part
 * @param {Promise<Script>} script
 * @param {How} how
 */
async function arrive(name, part, script, how) {
  const { signal } = leaving;
  await script.catch(() => {}); // likewise
  if (signal.aborted) return;
  main.replaceChildren(part);
  furnish(name, part, signal);
  settle(how);
  begin(part, script, how);
}

/**
 * What the frame adds to a part.
 * @param {string} name
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
function furnish(name, part, signal) {
  noticeNeeds(part, signal);
  drawing.enter(part, showLines(part, signal));
  showSources(part, signal);
  addSteps(name, part);
}

/**
 * Brings a part to life.
 * @param {HTMLElement} part
 * @param {Promise<Script>} script
 * @param {How} how
 */
async function begin(part, script, how) {
  const { signal } = leaving;
  const { start } = (await script.catch(reportError)) ?? {};
  if (signal.aborted) return;
  main.ariaBusy = 'false';
  showTitle();
  if (start) start(part, signal);
  else part.prepend(...noScript());
  // What the script has added may have made the page long enough.
  if (how !== 'link') place.restore();
}

/** @param {string} name @param {number} status @param {How} how */
function fail(name, status, how) {
  current = '';
  main.ariaBusy = 'false';
  main.replaceChildren(...noPart(status, () => show(name, 'link')));
  showTitle();
  settle(how);
}

/** To where the reader of a new part begins. @param {How} how */
function settle(how) {
  if (how !== 'load') main.focus({ preventScroll: true });
  if (how === 'link') scrollTo(0, 0);
  else place.restore();
}

/** @param {string} html a file of this server's own, so it may be taken for HTML */
function partIn(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return /** @type {HTMLElement} */ (template.content.firstElementChild);
}

function showTitle() {
  const site = SITE[language.current];
  document.title = current === '' ? site : `${titleOf(current)[language.current]} · ${site}`;
}

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.origin !== location.origin || link.pathname !== '/' || link.hash) return;
  // Open in a new tab and the like stay the browser's.
  const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
  if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey || link.target) return;
  event.preventDefault();
  if (link.rel === 'next') markDone(current);
  place.keep();
  if (link.href !== location.href) history.pushState({ scroll: 0 }, '', link.href);
  show(partOf(link.href), 'link');
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
  const name = partOf(location.href);
  // Within the part, as by the link that skips the navigation, there is nothing to load.
  if (name === current) place.restore();
  else show(name, 'history');
});
show(partOf(location.href), 'load');
