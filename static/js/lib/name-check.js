// @ts-check
/*
 * Around the lesson's name check: the rules of a name first, without a request, and its verdict in
 * words. The verdict is a hint: what decides is the database's unique key, when the form is sent.
 */
import { checkOnBlur } from '../lessons/name-check.js';
import { tell } from './element.js';
import { TEXTS } from './name-texts.js';
import { traced } from './observe-xhr.js';
import { afterPointerUp } from './press.js';
import { isUname } from './rules.js';
import { onTyped } from './typing.js';

/** A check that is quicker needs no sign that it is under way. */
const CHECKING_AFTER_MS = 300;
/** After an error was shown: how long typing must pause before the name is checked again. */
const RECHECK_MS = 400;

/** The colours of verdicts that are no error; the others mean that the check has failed. @type {Record<string, string>} */
const OUTCOMES = { free: 'good', checking: 'wait' };

/** @typedef {import('./name-texts.js').Verdict} Verdict */

/**
 * Checks the name whenever its box is left.
 * @param {HTMLInputElement} input
 * @param {HTMLElement} message where the verdict is shown
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function createNameCheck(input, message, signal) {
  /** The name that was checked last, whose verdict still stands. */
  let checked = '';
  /** Raised whenever what was asked before means nothing any more. */
  let sequence = 0;
  let asked = 0;
  let isAsking = false;
  let hasShownError = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let slow;

  /** @param {Verdict | ''} verdict */
  function show(verdict) {
    const isError = verdict === 'taken' || verdict === 'notAllowed' || verdict === 'empty';
    if (isError) hasShownError = true;
    if (isError) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    if (verdict === '') return tell(message, '', '');
    tell(message, TEXTS[verdict], isError ? 'bad' : (OUTCOMES[verdict] ?? 'failed'));
  }

  /** Discards the verdict, and the one that is on its way. */
  function forget() {
    sequence += 1;
    checked = '';
    clearTimeout(pause);
    clearTimeout(slow);
  }

  function check() {
    const name = input.value;
    if (name === checked) return;
    forget();
    if (name === '') return show('');
    checked = name;
    if (!isUname(name)) return show('notAllowed');
    asked = sequence;
    slow = setTimeout(showLater, CHECKING_AFTER_MS, 'checking');
    isAsking = true;
    input.dispatchEvent(new Event('blur'));
    isAsking = false;
  }

  /** A verdict on what the box no longer holds must never show. @param {Verdict} verdict */
  function showLater(verdict) {
    if (asked !== sequence || signal.aborted) return;
    if (verdict !== 'checking') clearTimeout(slow);
    if (!['free', 'taken', 'checking'].includes(verdict)) checked = '';
    show(verdict);
  }

  onTyped(input, signal, () => {
    forget();
    show('');
    const isLeft = document.activeElement !== input;
    if (hasShownError || isLeft) pause = setTimeout(check, isLeft ? 0 : RECHECK_MS);
  });
  input.addEventListener('compositionstart', () => clearTimeout(pause), { signal });
  // Before the lesson's own listener, which hears only of a name that is worth asking for.
  input.addEventListener('blur', (event) => {
    if (isAsking) return;
    event.stopImmediatePropagation();
    if (!signal.aborted) afterPointerUp(check);
  });
  checkOnBlur(
    input,
    traced((verdict, status) => showLater(verdict === 'failed' ? failureOf(status) : verdict)),
  );
  signal.addEventListener('abort', forget);

  /** A press on an example puts it into the box. @param {Event} event */
  function tryExample({ target }) {
    const example = target instanceof HTMLElement ? target.dataset.try : undefined;
    if (example === undefined) return;
    input.value = example;
    check();
  }
  input.closest('article')?.addEventListener('click', tryExample, { signal });

  return {
    /** Checks now. */
    check,

    /** Nothing is in the box any more. */
    clear() {
      forget();
      hasShownError = false;
      show('');
    },

    /** The insert has found that the name is taken. */
    isTaken() {
      forget();
      checked = input.value;
      show('taken');
    },

    /** Whether anything is known to be wrong with the name; then it is shown. */
    hasProblem() {
      check();
      if (input.value === '') show('empty');
      return input.getAttribute('aria-invalid') === 'true';
    },
  };
}

/** @param {number} status @returns {Verdict} */
function failureOf(status) {
  if (status === 400) return 'notAllowed';
  if (status === 429) return 'tooMany';
  if (status === 503) return 'noDatabase';
  // 0: the server is gone, or was too slow.
  return status === 0 ? 'unreachable' : 'failed';
}
