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
 * Loads a part and shows it.
 * @param {string} name
 * @param {How} how what brought the reader here
 */
function show(name, how) {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  current = name;
  markLink(name);
  // The first part is there already, whole, and somebody may have begun to type.
  const isHere = name === HOME && how === 'load';
  if (!isHere) main.ariaBusy = 'true';
  noteMove(titleOf(name), how);
  document.documentElement.dataset.part = name === HOME ? '' : name;
  if (name === HOME) {
    const part = isHere ? main.querySelector('article') : first.cloneNode(true);
    begin(name, insert(name, /** @type {HTMLElement} */ (part), signal), how);
    arrive(how);
    return;
  }
  ask('GET', `/static/parts/${name}.html`, { signal, isFrame: true }, (xhr) => {
    if (xhr.status === 200) begin(name, insert(name, partIn(xhr.responseText), signal), how);
    else fail(name, xhr.status);
    arrive(how);
  });
}

/** @param {string} name @param {number} status */
function fail(name, status) {
  current = '';
  main.ariaBusy = 'false';
  main.replaceChildren(...noPart(status, () => show(name, 'link')));
}

/** @param {How} how */
function arrive(how) {
  showTitle();
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

/**
 * @param {string} name
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
function insert(name, part, signal) {
  if (!part.isConnected) main.replaceChildren(part);
  noticeNeeds(part, signal);
  drawing.enter(part, showLines(part, signal));
  showSources(part, signal);
  addSteps(name, part);
  return part;
}

/**
 * Brings a part to life, once its script is there.
 * @param {string} name
 * @param {HTMLElement} part
 * @param {How} how
 */
async function begin(name, part, how) {
  const { signal } = leaving;
  // A press that nobody hears yet would be lost.
  part.inert = name !== HOME || how !== 'load';
  const script = await import(`../parts/${name}.js`).catch(reportError);
  if (signal.aborted) return;
  main.ariaBusy = 'false';
  part.inert = false;
  if (script) {
    script.start(part, signal);
    // What the script has added may have made the page long enough.
    if (how !== 'link') place.restore();
    return;
  }
  part.prepend(...noScript());
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
