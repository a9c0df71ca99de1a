// @ts-check
/*
 * Spans and moments of time, as people write them.
 */

/** Whole ms, but for the first few, which would all be 0. @param {number} ms */
export function inMs(ms) {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}

/**
 * @param {string} iso
 * @returns {Message}
 */
export function momentOf(iso) {
  const date = new Date(iso);
  return { en: date.toLocaleString('en-GB'), zh: date.toLocaleString('zh-CN') };
}
