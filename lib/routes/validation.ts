/**
 * What a visitor may choose as user name, password and nickname, as the key of a session and as its
 * value. The page has the same rules in `static/js/lib/rules.js`.
 */

// Letters of any script with their marks, digits, _ and -; no invisible characters.
const NAME = /^(?!\p{M})[\p{L}\p{M}\p{Nd}_-]{3,20}$/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
/** Control characters, line ends, changes of direction. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/u;
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{M}\p{C}\u2800]/u;
const KEY = /^[\p{L}\p{M}\p{Nd}_.-]{1,64}$/u;
const MAX_VALUE_BYTES = 4096;

/**
 * The canonical form of a name, so that `Admin` and `admin`, `straße` and `STRASSE` are one (in the
 * spirit of RFC 8265 §3.3): NFKC and case folding by way of upper case, without a dot above i and j.
 * @returns `undefined` when the text is no name: 3–20 letters, digits, `_` and `-`
 */
export function canonicalUname(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const upper = [...text.normalize('NFKC').toLowerCase().toUpperCase()];
  const folded = upper.map((letter) => letter.toLowerCase()).join('');
  const uname = folded.normalize('NFKC').replace(/([ij])\u0307/g, '$1');
  return NAME.test(uname) && !UNSEEN.test(uname) ? uname : undefined;
}

/** Whether a password may be chosen: 8–128 characters of any kind (ASVS 5, 6.2.1, 6.2.9). */
export const isUpwd = (text: string) => text.isWellFormed() && /^.{8,128}$/su.test(text);

/** Whether a nickname may be chosen: 1–32 characters, at least one of them visible. */
export const isNickname = (text: string) =>
  text.isWellFormed() && [...text].length <= 32 && !FORBIDDEN.test(text) && VISIBLE.test(text);

/** Whether a session may have this key: 1–64 letters, digits, `_`, `-` and `.`. */
export const isSessionKey = (text: string) => KEY.test(text);

/** Whether a session may hold this value: text of at most 4 KiB. */
export const isSessionValue = (text: string) => Buffer.byteLength(text) <= MAX_VALUE_BYTES;
