// @ts-check
/*
 * A page that was left open, or that Back brings out of the browser's cache, may be out of date: the
 * user may have logged out elsewhere.
 */

/**
 * Calls once whenever the reader comes back to the page, by however many events the browser says so.
 * @param {() => void} look
 * @param {AbortSignal} signal
 */
export function onReturn(look, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const soon = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look);
  };
  addEventListener('focus', soon, { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && soon(), { signal });
  document.addEventListener('visibilitychange', soon, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
}
