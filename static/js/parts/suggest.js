// @ts-check
/*
 * Search suggestion: what the glossary has for the letters typed so far. Three guards, each of
 * which can be switched off: debounce waits for a pause, abort gives the earlier request up, and
 * the stale guard lets only the newest question's answer show.
 */
import { ask } from '../lib/ask.js';
import { elementsOf, make, tell } from '../lib/element.js';
import { failureText, resultOf } from '../lib/failure.js';
import { createCombobox } from './suggest/combobox.js';
import { createRace } from './suggest/race.js';
import * as TEXTS from './suggest/texts.js';

/** @typedef {{ term: string, text: string }} Term */

const DEBOUNCE_MS = 250;
const TIMEOUT_MS = 5000;
/** A question that is answered quicker needs no sign that it is under way. */
const ASKING_AFTER_MS = 300;
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
  /** The number of the newest question. */
  let newest = 0;
  /** Whether the newest question is not answered yet. */
  let isWaiting = false;
  let giveUp = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** Says that the newest question is under way. @type {ReturnType<typeof setTimeout> | undefined} */
  let asking;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let letter;

  /** @param {string} id */
  const isOn = (id) => elementOf(id, HTMLInputElement).checked;

  /** @param {string} text */
  function typed(text) {
    clearTimeout(pause);
    if (text === '') return stop();
    isWaiting = true;
    if (isOn('debounce')) pause = setTimeout(() => askFor(text), DEBOUNCE_MS);
    else askFor(text);
  }

  /** Nothing is asked any more. */
  function stop() {
    forget();
    combobox.show([]);
  }

  /** Nothing that was asked is waited for any more. */
  function forget() {
    clearTimeout(pause);
    clearTimeout(asking);
    isWaiting = false;
    newest += 1;
    if (isOn('abort')) giveUp();
    tell(message, '', '');
  }

  /** @param {string} text */
  function askFor(text) {
    newest += 1;
    const mine = newest;
    if (isOn('abort')) giveUp();
    const url = urlOf(text, isOn('slow'));
    const over = race.add(url);
    clearTimeout(asking);
    asking = setTimeout(() => tell(message, TEXTS.ASKING, ''), ASKING_AFTER_MS);
    let isGivenUp = false;
    const xhr = ask('GET', url, { signal, timeoutMs: TIMEOUT_MS }, () => {
      const isStale = mine !== newest;
      if (!isStale) {
        clearTimeout(asking);
        isWaiting = false;
      }
      if (isGivenUp) return over(TEXTS.GIVEN_UP, '');
      if (isStale && isOn('guard')) return over(TEXTS.DROPPED, '');
      const answer = resultOf(xhr);
      if (answer === undefined) {
        over(failureText(xhr), 'bad');
        return tell(message, failureText(xhr), 'bad');
      }
      show(answer.terms);
      over(isStale ? TEXTS.shownStale(text) : TEXTS.SHOWN, isStale ? 'bad' : 'good');
      if (isStale) tell(message, TEXTS.wrong(text, input.value), 'bad');
      else tell(message, TEXTS.found(terms.length, text), '');
    });
    giveUp = () => {
      if (xhr.readyState === 4) return;
      isGivenUp = true;
      xhr.abort();
    };
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
    ask('GET', urlOf(picked, false), { signal }, (xhr) => {
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
  signal.addEventListener('abort', () => {
    clearTimeout(pause);
    clearTimeout(asking);
    clearTimeout(letter);
  });
}

/**
 * @param {string} text
 * @param {boolean} isSlow
 */
function urlOf(text, isSlow) {
  const query = `q=${encodeURIComponent(text)}&lang=${language.current}`;
  if (!isSlow) return `/suggest?${query}`;
  return `/lab/suggest?${query}&ms=${Math.max(0, 2500 - 500 * text.length)}`;
}

/** @param {Term} found */
function optionOf({ term, text }) {
  const option = document.createElement('li');
  option.append(make('strong', term), ' ', make('span', text));
  return option;
}
