// @ts-check
/*
 * What the page refuses before it asks. The server has the last word, and may refuse more; what it
 * takes must never be refused here (`test/page/rules.test.ts` holds the two together).
 */

const UNAME = /^[\p{L}\p{M}\p{Nd}_-]{3,20}$/u;
const KEY = /^[\p{L}\p{M}\p{Nd}_.-]{1,64}$/u;
const MAX_VALUE_BYTES = 4096;

/**
 * The one form in which the server looks a name up, so that `Admin` and `admin` are one name.
 * @param {string} text
 */
function folded(text) {
  const upper = [...text.normalize('NFKC').toLowerCase().toUpperCase()];
  const lower = upper.map((letter) => letter.toLowerCase()).join('');
  return lower.normalize('NFKC').replace(/([ij])\u0307/g, '$1');
}

/** @param {string} text */
export function isUname(text) {
  return UNAME.test(folded(text));
}

/** @param {string} text */
export function isUpwd(text) {
  const { length } = [...text];
  return length >= 8 && length <= 128;
}

/** @param {string} text */
export function isNickname(text) {
  return text.trim() !== '' && [...text].length <= 32;
}

/**
 * A key of the session. `.` and `..` stand for folders in a URL, so they never reach the server.
 * @param {string} text
 */
export function isKey(text) {
  return KEY.test(text) && text !== '.' && text !== '..';
}

/** A value of the session. @param {string} text */
export function isValue(text) {
  return new TextEncoder().encode(text).length <= MAX_VALUE_BYTES;
}
