// @ts-check
/*
 * Input methods: between compositionstart and compositionend the value is provisional (`wang` for 王)
 * and must not be used.
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
 * Calls when text has been entered into a box; of the end of a composition twice in Firefox and
 * WebKit, which report it by `input` once more.
 * @param {HTMLInputElement} input
 * @param {AbortSignal} signal
 * @param {() => void} entered
 */
export function onTyped(input, signal, entered) {
  function typed(/** @type {Event} */ event) {
    if (!(event instanceof InputEvent && event.isComposing)) entered();
  }
  input.addEventListener('input', typed, { signal });
  input.addEventListener('compositionend', entered, { signal });
}
