// @ts-check
/*
 * How far the page was scrolled, kept in each entry of the history. The browser would do that by
 * itself, but it looks for the old place at once, and the part that has it is still to be loaded.
 */

/**
 * Scrolling is over when nothing has moved for so long; some browsers limit how often history is
 * written.
 */
const SETTLED_MS = 100;

/**
 * @param {() => boolean} isSettled whether what is on the screen belongs to the history's entry
 */
export function createPlace(isSettled) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  /** Writes the place down now, before the entry is left. */
  function keep() {
    clearTimeout(settling);
    if (isSettled()) history.replaceState({ scroll: Math.round(scrollY) }, '');
  }

  history.scrollRestoration = 'manual';
  addEventListener('pagehide', keep);
  addEventListener('scroll', () => {
    clearTimeout(settling);
    settling = setTimeout(keep, SETTLED_MS);
  });
  // The entry has changed already, so the place would be written into the wrong one.
  addEventListener('popstate', () => clearTimeout(settling));

  // WebKit brings a page out of the back/forward cache scrolled to its top, without a popstate.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) restore();
  });

  /** To where the reader was in this entry; nowhere, when it has no place yet. */
  function restore() {
    if (history.state) scrollTo(0, history.state.scroll);
  }

  return { keep, restore };
}
