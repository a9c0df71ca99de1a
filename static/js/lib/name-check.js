// @ts-check
/*
 * The name check: when a user-name box is left, ask whether the name exists. The rules of the house
 * first, without a request; then one request at a time, and only the newest may speak. The answer
 * is a hint: what decides is the database's unique key, when the form is sent.
 */
import { tell } from './element.js';
import { jsonOf } from './failure.js';
import { TEXTS } from './name-texts.js';
import { whenReleased } from './press.js';
import { isUname } from './rules.js';
import { follow } from './traffic.js';
import { onTyped } from './typing.js';

/** While the database is made for the first time, the server lets a check wait for it. */
const TIMEOUT_MS = 20_000;
/** A check that is quicker needs no sign that it is under way. */
const CHECKING_AFTER_MS = 300;
/** After an error was shown: how long typing must pause before the name is checked again. */
const RECHECK_MS = 400;

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
  let sequence = 0;
  let giveUp = () => {};
  let hasShownError = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;

  /** @param {Verdict | ''} verdict */
  function show(verdict) {
    const isError = verdict === 'taken' || verdict === 'notAllowed' || verdict === 'empty';
    if (isError) hasShownError = true;
    if (isError) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    tell(message, verdict === '' ? '' : TEXTS[verdict], verdict);
  }

  /** Discards the verdict and the check in flight. */
  function forget() {
    sequence += 1;
    giveUp();
    checked = '';
    clearTimeout(pause);
  }

  function check() {
    const name = input.value;
    if (name === checked) return;
    forget();
    if (name === '') return show('');
    checked = name;
    if (!isUname(name)) return show('notAllowed');
    const mine = sequence;
    /** An answer that was overtaken must never show. @param {Verdict} verdict */
    const showMine = (verdict) => {
      if (mine === sequence) show(verdict);
    };
    const slow = setTimeout(() => whenReleased(() => showMine('checking')), CHECKING_AFTER_MS);
    giveUp = askServer(name, (verdict) => {
      clearTimeout(slow);
      whenReleased(() => {
        if (mine === sequence && verdict !== 'free' && verdict !== 'taken') checked = '';
        showMine(verdict);
      });
    });
  }

  const isComposed = onTyped(input, signal, {
    began: () => clearTimeout(pause),
    entered() {
      forget();
      show('');
      const isLeft = document.activeElement !== input;
      if (hasShownError || isLeft) pause = setTimeout(check, isLeft ? 0 : RECHECK_MS);
    },
  });
  input.addEventListener(
    'blur',
    () => {
      if (!isComposed()) whenReleased(check);
    },
    { signal },
  );
  signal.addEventListener('abort', forget);

  return {
    /** Checks now. */
    check,

    /** Checks a name that is put into the box. @param {string} name */
    try(name) {
      input.value = name;
      check();
    },

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

/**
 * @param {string} name
 * @param {(verdict: Verdict) => void} done
 * @returns {() => void} gives the request up
 */
function askServer(name, done) {
  const xhr = follow(createXhr());
  xhr.open('get', `/check-uname?uname=${encodeURIComponent(name)}`, true);
  xhr.timeout = TIMEOUT_MS;
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    const answer = jsonOf(xhr.responseText);
    if (xhr.status === 200 && answer) done(answer.exists ? 'taken' : 'free');
    else done(failureOf(xhr.status));
  };
  xhr.send(null);
  return () => xhr.abort();
}

/** @param {number} status @returns {Verdict} */
function failureOf(status) {
  if (status === 400) return 'notAllowed';
  if (status === 429) return 'tooMany';
  if (status === 503) return 'noDatabase';
  // 0: the server is gone, or was too slow.
  return status === 0 ? 'unreachable' : 'failed';
}
