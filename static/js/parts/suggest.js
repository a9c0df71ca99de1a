// @ts-check
/*
 * Search suggestion: what the glossary has for the letters typed so far. The lesson asks, behind its
 * three guards; here its answers are put into the list, and it is said what became of each question.
 */
import * as lesson from '../lessons/suggest.js';
import { ask } from '../lib/ask.js';
import { elementsOf, make, tell } from '../lib/element.js';
import { failureText, jsonOf, resultOf } from '../lib/failure.js';
import { traced } from '../lib/observe-xhr.js';
import { onTraffic } from '../lib/traffic.js';
import { createCombobox } from './suggest/combobox.js';
import { createRace } from './suggest/race.js';
import * as TEXTS from './suggest/texts.js';

/** @typedef {{ term: string, text: string }} Term */

/** A question that is answered quicker needs no sign that it is under way. */
const ASKING_AFTER_MS = 300;
/** The lesson's guards, and the boxes that switch them. */
const GUARDS = /** @type {const} */ ([
  ['debounce', 'debounce'],
  ['abort', 'abort'],
  ['stale', 'guard'],
]);
const LETTERS = ['s', 'se', 'ses', 'sess'];
const LETTER_MS = 130;

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const input = elementOf('term', HTMLInputElement);
  const message = elementOf('term-message');
  const race = createRace(elementOf('race'));
  /** @type {Term[]} */
  let terms = [];
  let picked = '';
  /** The number of the newest question; it is raised when nothing is waited for any more. */
  let newest = 0;
  /** Whether the newest question is not answered yet. */
  let isWaiting = false;
  /** What the lesson has shown of the answer that is just here. @type {string | undefined} */
  let shown;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let letter;

  /** @param {string} id */
  const isOn = (id) => elementOf(id, HTMLInputElement).checked;
  const showText = traced((/** @type {string} */ text) => {
    shown = text;
  });

  /** @param {string} text */
  function typed(text) {
    if (text === '') return stop();
    isWaiting = true;
    set(text);
    lesson.typed(text, showText);
  }

  /** What the reader has chosen, for the lesson. @param {string} text */
  function set(text) {
    const { settings } = lesson;
    for (const [guard, id] of GUARDS) settings[guard] = isOn(id);
    settings.address = addressFor(text, isOn('slow'));
  }

  /** Nothing is asked any more. */
  function stop() {
    forget();
    combobox.show([]);
  }

  /** Nothing that was asked is waited for any more. */
  function forget() {
    isWaiting = false;
    newest += 1;
    set('');
    lesson.forget();
    tell(message, '', '');
  }

  /** Says what becomes of a question. @param {import('../lib/traffic.js').Exchange} exchange */
  async function follow({ url, isAside, over }) {
    if (isAside) return;
    newest += 1;
    const mine = newest;
    const text = new URL(url, location.href).searchParams.get('q') ?? '';
    const note = race.add(url);
    const asking = setTimeout(() => {
      if (mine === newest) tell(message, TEXTS.ASKING, '');
    }, ASKING_AFTER_MS);
    const { status, isGivenUp, body } = await over;
    const isShown = shown !== undefined;
    shown = undefined;
    clearTimeout(asking);
    if (signal.aborted) return;
    const isStale = mine !== newest;
    if (!isStale) isWaiting = false;
    if (isGivenUp) return note(TEXTS.GIVEN_UP, '');
    if (isStale && isOn('guard')) return note(TEXTS.DROPPED, '');
    const answer = isShown ? jsonOf(body) : undefined;
    if (answer === undefined) {
      const failure = failureText({ status, responseText: body });
      note(failure, 'bad');
      return tell(message, failure, 'bad');
    }
    show(answer.terms);
    note(isStale ? TEXTS.shownStale(text) : TEXTS.SHOWN, isStale ? 'bad' : 'good');
    if (isStale) tell(message, TEXTS.wrong(text, input.value), 'bad');
    else tell(message, TEXTS.found(terms.length, text), '');
  }

  /** @param {Term[]} found */
  function show(found) {
    terms = found;
    combobox.show(found.map(optionOf));
  }

  const combobox = createCombobox(input, elementOf('terms'), signal, {
    typed,
    picked(index) {
      const chosen = terms[index];
      if (chosen === undefined) return;
      stop();
      input.value = chosen.term;
      explain(chosen);
    },
    dismissed() {
      const wasWaiting = isWaiting;
      if (wasWaiting) forget();
      return wasWaiting;
    },
  });

  /** @param {Term} chosen */
  function explain({ term, text }) {
    picked = term;
    elementOf('meaning').replaceChildren(make('h3', term), make('p', text));
  }

  /** What the server has sent in one language is asked for in the other. */
  function translate() {
    stop();
    if (picked === '') return;
    const url = addressFor(picked, false) + encodeURIComponent(picked);
    ask('GET', url, { signal, isAside: true }, (xhr) => {
      /** @type {Term[]} */
      const found = resultOf(xhr)?.terms ?? [];
      const same = found.find(({ term }) => term === picked);
      if (same) explain(same);
    });
  }

  /** Types letter by letter, as a quick typist would. */
  function typeForMe([text, ...rest] = LETTERS) {
    clearTimeout(letter);
    if (text === undefined) return;
    input.focus();
    input.value = text;
    input.dispatchEvent(new Event('input'));
    letter = setTimeout(() => typeForMe(rest), LETTER_MS);
  }

  elementOf('type').addEventListener('click', () => typeForMe(), { signal });
  document.addEventListener('languagechange', translate, { signal });
  onTraffic(follow, signal);
  signal.addEventListener('abort', () => {
    clearTimeout(letter);
    lesson.forget();
  });
}

/**
 * The address of a question, but for its text.
 * @param {string} text a long one is answered sooner, where the network is slow
 * @param {boolean} isSlow
 */
function addressFor(text, isSlow) {
  const asked = `lang=${language.current}&q=`;
  if (!isSlow) return `/suggest?${asked}`;
  return `/lab/suggest?ms=${Math.max(0, 2500 - 500 * text.length)}&${asked}`;
}

/** @param {Term} found */
function optionOf({ term, text }) {
  const option = document.createElement('li');
  option.append(make('strong', term), ' ', make('span', text));
  return option;
}
