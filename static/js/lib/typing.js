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
 * Calls when text has been entered into a box.
 * @param {HTMLInputElement} input
 * @param {AbortSignal} signal
 * @param {() => void} entered
 */
export function onTyped(input, signal, entered) {
  /** Firefox and WebKit report what a composition ended with once more, by `input`. */
  let ended = '';

  function typed(/** @type {Event} */ event) {
    if (event instanceof InputEvent && event.isComposing) return;
    const isKnown = event.type === 'input' && ended !== '' && ended === input.value;
    ended = event.type === 'compositionend' ? input.value : '';
    if (!isKnown) entered();
  }

  input.addEventListener('input', typed, { signal });
  input.addEventListener('compositionend', typed, { signal });
}
