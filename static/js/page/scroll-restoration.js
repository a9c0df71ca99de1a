// @ts-check
/*
 * How far the page was scrolled, kept in each entry of the history. The browser itself restores that
 * on popstate, before the part has loaded; so scrollRestoration is manual.
 */

/** In ms since the last scroll event: browsers rate-limit history.replaceState(). */
const SETTLED_MS = 100;

/**
 * @param {() => boolean} isSettled whether what is on the screen belongs to the history's entry
 */
export function createScrollRestoration(isSettled) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  /** Writes the position down now, before the entry is left. */
  function save() {
    clearTimeout(settling);
    if (isSettled()) history.replaceState({ scroll: Math.round(scrollY) }, '');
  }

  history.scrollRestoration = 'manual';
  addEventListener('pagehide', save);
  addEventListener('scroll', () => {
    clearTimeout(settling);
    settling = setTimeout(save, SETTLED_MS);
  });
  // The entry has changed already, so the position would be written into the wrong one.
  addEventListener('popstate', () => clearTimeout(settling));

  // WebKit brings a page out of the back/forward cache scrolled to its top, without a popstate.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) restore();
  });

  /** To where the reader was in this entry; nowhere, when it has no position yet. */
  function restore() {
    if (history.state) scrollTo(0, history.state.scroll);
  }

  return { save, restore };
}
