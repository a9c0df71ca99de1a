// @ts-check
/*
 * Search suggestion: what the glossary has for the letters typed so far. Three guards, each of
 * which can be switched off: debounce waits for a pause, abort gives the earlier request up, and
 * the stale guard lets only the newest question's answer show.
 */

import { createCombobox } from './combobox.js';
import { elementsOf, make } from './element.js';
import { createRace } from './race.js';
import * as TEXTS from './suggest-texts.js';
import { failureText } from './texts.js';

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
  const input = /** @type {HTMLInputElement} */ (elementOf('term'));
  const message = elementOf('term-message');
  const race = createRace(elementOf('race'));
  /** @type {Term[]} */
  let terms = [];
  let picked = '';
  /** The number of the newest question. */
  let newest = 0;
  let giveUp = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let letter;

  /** @param {string} id */
  const isOn = (id) => /** @type {HTMLInputElement} */ (elementOf(id)).checked;

  /** @param {Message | ''} text @param {'good' | 'bad' | ''} verdict */
  function tell(text, verdict) {
    message.dataset.verdict = verdict;
    language.say(message, text);
  }

  /** @param {string} text */
  function typed(text) {
    clearTimeout(pause);
    if (text === '') return stop();
    if (isOn('debounce')) pause = setTimeout(() => ask(text), DEBOUNCE_MS);
    else ask(text);
  }

  /** Nothing is asked any more. */
  function stop() {
    clearTimeout(pause);
    newest += 1;
    if (isOn('abort')) giveUp();
    combobox.show([]);
    tell('', '');
  }

  /** @param {string} text */
  function ask(text) {
    newest += 1;
    const mine = newest;
    if (isOn('abort')) giveUp();
    const url = urlOf(text, isOn('slow'));
    const over = race.add(url);
    const asking = setTimeout(() => tell(TEXTS.ASKING, ''), ASKING_AFTER_MS);
    let isGivenUp = false;
    const xhr = createXhr();
    xhr.open('get', url, true);
    xhr.timeout = TIMEOUT_MS;
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== 4) return;
      clearTimeout(asking);
      const isStale = mine !== newest;
      if (isGivenUp) return over(TEXTS.GIVEN_UP, '');
      if (isStale && isOn('guard')) return over(TEXTS.DROPPED, '');
      if (xhr.status !== 200) {
        over(failureText(xhr), 'bad');
        return tell(failureText(xhr), 'bad');
      }
      show(JSON.parse(xhr.responseText).terms);
      over(isStale ? TEXTS.shownStale(text) : TEXTS.SHOWN, isStale ? 'bad' : 'good');
      if (isStale) tell(TEXTS.wrong(text, input.value), 'bad');
      else tell(TEXTS.found(terms.length, text), '');
    };
    xhr.send(null);
    giveUp = () => {
      if (xhr.readyState === 4) return;
      isGivenUp = true;
      xhr.abort();
    };
    signal.addEventListener('abort', giveUp);
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
    const xhr = createXhr();
    xhr.open('get', urlOf(picked, false), true);
    xhr.onload = () => {
      if (xhr.status !== 200 || signal.aborted) return;
      /** @type {Term[]} */
      const found = JSON.parse(xhr.responseText).terms;
      const same = found.find(({ term }) => term === picked);
      if (same) explain(same);
    };
    signal.addEventListener('abort', () => xhr.abort());
    xhr.send(null);
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
