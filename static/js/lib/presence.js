// @ts-check
/*
 * A page that was left open, or that Back has brought out of the browser's store, may say what is
 * true no more: elsewhere, somebody may have logged out.
 */

/**
 * Calls whenever the reader comes back to the page.
 * @param {() => void} look
 * @param {AbortSignal} signal
 */
export function onReturn(look, signal) {
  let isDue = false;

  // Coming back to a tab is told by several of these at once.
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
