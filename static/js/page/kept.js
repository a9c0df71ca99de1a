// @ts-check
/*
 * What the page keeps in this browser. Storage may be blocked together with cookies, missing in a
 * web view, or full; then it is kept for as long as the page is open.
 */

// biome-ignore lint/correctness/noUnusedVariables: a classic script; the others call it by its name
const kept = (() => {
  /** @type {Map<string, string>} */
  const here = new Map();

  return {
    /** @param {string} key */
    get(key) {
      try {
        return here.get(key) ?? window.localStorage?.getItem(key) ?? null;
      } catch {
        return null; // blocked: to ask is an exception
      }
    },

    /** @param {string} key @param {string} value */
    set(key, value) {
      here.set(key, value);
      try {
        window.localStorage?.setItem(key, value);
      } catch {
        // Blocked or full: it is kept above.
      }
    },
  };
})();
