// @ts-check
/*
 * A page that was left open, or that Back has brought out of the browser's store, may say what is
 * true no more: the user may have logged out elsewhere.
 */

/**
 * Calls whenever the reader comes back to the page.
 * @param {() => void} look
 * @param {AbortSignal} signal
 */
export function onReturn(look, signal) {
  let isDue = false;

  // Several of these fire when the user returns to the tab.
  function soon() {
    if (isDue || document.hidden) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      if (!signal.aborted) look();
    });
  }

  addEventListener('focus', soon, { signal });
  document.addEventListener('visibilitychange', soon, { signal });
  addEventListener(
    'pageshow',
    (event) => {
      if (event.persisted) soon();
    },
    { signal },
  );
}
