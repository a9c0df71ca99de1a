// @ts-check
/*
 * The name check: when the user-name box is left, ask whether the name exists. The rules of the
 * house first, without a request; then one request at a time, and only the newest may speak. The
 * answer is a hint: what decides is the database's unique key, when the form is sent.
 */
import { ask } from '../lib/ask.js';
import { elementsOf, tell } from '../lib/element.js';
import { whenReleased } from '../lib/press.js';
import { isUname } from '../lib/rules.js';
import { onTyped } from '../lib/typing.js';
import { listTraffic } from '../lib/wire.js';
import { startAccount } from './form/account.js';
import { TEXTS } from './form/texts.js';

const TIMEOUT_MS = 5000;
/** A check that is quicker needs no sign that it is under way. */
const CHECKING_AFTER_MS = 300;
/** After an error was shown: how long typing must pause before the name is checked again. */
const RECHECK_MS = 400;

/** @typedef {import('./form/texts.js').Verdict} Verdict */

/**
 * Checks the name whenever its box is left.
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const input = elementOf('uname', HTMLInputElement);
  const message = elementOf('uname-message');
  listTraffic(elementOf('wire'), signal);

  /** The name that was checked last, whose verdict still stands. */
  let checked = '';
  let sequence = 0;
  /** @type {XMLHttpRequest | undefined} */
  let running;
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

  /** Whatever was found out or is being found out no longer counts. */
  function forget() {
    sequence += 1;
    running?.abort();
    running = undefined;
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
    askServer(name);
  }

  /** @param {string} name */
  function askServer(name) {
    sequence += 1;
    const mine = sequence;
    const checking = () => {
      if (mine === sequence && running) show('checking');
    };
    const url = `/check-uname?uname=${encodeURIComponent(name)}`;
    const slow = setTimeout(() => whenReleased(checking), CHECKING_AFTER_MS);
    running = ask('GET', url, { signal, timeoutMs: TIMEOUT_MS }, (xhr) => {
      clearTimeout(slow);
      // An answer that was overtaken must never show.
      if (mine !== sequence) return;
      running = undefined;
      const verdict = verdictOf(xhr);
      if (verdict !== 'free' && verdict !== 'taken') checked = '';
      show(verdict);
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
  part.addEventListener(
    'click',
    (event) => {
      const name = event.target instanceof HTMLElement ? event.target.dataset.try : undefined;
      if (name === undefined) return;
      input.value = name;
      check();
    },
    { signal },
  );
  signal.addEventListener('abort', forget);
  startAccount(part, signal, {
    isRegistered() {
      forget();
      hasShownError = false;
      show('');
    },
    nameIsTaken() {
      forget();
      checked = input.value;
      show('taken');
    },
    nameProblem() {
      check();
      if (input.value === '') show('empty');
      return input.getAttribute('aria-invalid') === 'true';
    },
  });
}

/**
 * @param {XMLHttpRequest} xhr a request that is over
 * @returns {Verdict}
 */
function verdictOf(xhr) {
  if (xhr.status === 200) return JSON.parse(xhr.responseText).exists ? 'taken' : 'free';
  if (xhr.status === 400) return 'notAllowed';
  if (xhr.status === 429) return 'tooMany';
  if (xhr.status === 503) return 'noDatabase';
  // 0: the server is gone, or was too slow.
  return xhr.status === 0 ? 'unreachable' : 'failed';
}
