// @ts-check
/*
 * Typing, as an input method does it: while 王 is being composed the box holds `wang`, which nobody
 * has entered. Browsers tell the end of a composition in different orders.
 */

/**
 * Whether a key belongs to an input method. WebKit ends a composition by a keydown that says
 * nothing of one; but its `keyCode` is 229, as in every browser (UI Events, "keyCode").
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Tells when text has been entered into a box.
 * @param {HTMLInputElement} input
 * @param {AbortSignal} signal
 * @param {{ began?(): void, entered(): void }} on `began`: something is being composed, and the box
 *   means nothing until `entered`
 * @returns {() => boolean} whether something is being composed now
 */
export function onTyped(input, signal, { began, entered }) {
  let isOpen = false;
  /** What a composition ended with: Firefox and WebKit tell of the same text by `input` as well. */
  let ended = '';

  function start() {
    isOpen = true;
    began?.();
  }

  function end() {
    isOpen = false;
    ended = input.value;
    entered();
  }

  function typed() {
    if (isOpen) return;
    const isTold = ended !== '' && ended === input.value;
    ended = '';
    if (!isTold) entered();
  }

  input.addEventListener('compositionstart', start, { signal });
  input.addEventListener('compositionend', end, { signal });
  input.addEventListener('input', typed, { signal });
  return () => isOpen;
}
