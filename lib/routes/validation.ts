/**
 * No name passes for another: what a visitor may choose as user name, password and nickname, as the
 * key of a session and as its value. The page tells the same rules in `static/js/lib/rules.js`.
 */

/** What Unicode's «highly restrictive» level lets stand beside each other (UTS #39 §5.2). */
const LATIN_AND = ['Han,Hiragana,Katakana', 'Han,Bopomofo', 'Han,Hangul'];
/** The scripts in use today (UAX #31, table 5), each of which may also stand alone. */
const ALONE =
  'Arabic,Armenian,Bengali,Cyrillic,Devanagari,Ethiopic,Georgian,Greek,Gujarati,Gurmukhi,Hebrew,' +
  'Kannada,Khmer,Lao,Latin,Malayalam,Myanmar,Oriya,Sinhala,Tamil,Telugu,Thaana,Thai,Tibetan';
const COMBINATIONS = [...LATIN_AND.map((scripts) => `Latin,${scripts}`), ...ALONE.split(',')];
const classOf = (scripts: string) => scripts.replace(/(\w+),?/g, '\\p{scx=$1}');
const COMMON = '\\p{scx=Common}\\p{scx=Inherited}';
/** One of the combinations; or a script that is rarely met, in which looks are nobody's habit. */
const SCRIPTS = [
  ...COMBINATIONS.map((scripts) => new RegExp(`^[${classOf(scripts)}${COMMON}]+$`, 'u')),
  new RegExp(`^(?:[${COMMON}]|[^${classOf(COMBINATIONS.join(','))}])+$`, 'u'),
];

// Letters of any script with their marks, digits, _ and -; nothing that is not seen on the screen.
const NAME = /^(?!\p{M})[\p{L}\p{M}\p{Nd}_-]{3,20}$/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
/** What shows nothing, ends a line, or turns the text around it. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/u;
const SEEN = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{M}\p{C}\u2800]/u;
const KEY = /^[\p{L}\p{M}\p{Nd}_.-]{1,64}$/u;
const MAX_VALUE_BYTES = 4096;

/**
 * The one form in which a name is stored and looked up, so that `Admin` and `admin`, `straße` and
 * `STRASSE` are one name, in the spirit of RFC 8265 §3.3: NFKC, and case folded as far as Node's own
 * means go, which is up and down again, letter by letter. A dot on an i is none twice.
 * @returns `undefined` when the text is no name: 3–20 letters, digits, `_` and `-`, of scripts that
 *   are written together (UTS #39)
 */
export function canonicalUname(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const upper = [...text.normalize('NFKC').toLowerCase().toUpperCase()];
  const folded = upper.map((letter) => letter.toLowerCase()).join('');
  const uname = folded.normalize('NFKC').replace(/(?<=[ij])\u0307/g, '');
  const isName = NAME.test(uname) && !UNSEEN.test(uname);
  return isName && SCRIPTS.some((scripts) => scripts.test(uname)) ? uname : undefined;
}

/** Whether a password may be chosen: 8–128 characters, whatever they are (ASVS 5, 6.2.1, 6.2.9). */
export function isUpwd(text: string): boolean {
  const { length } = [...text];
  return text.isWellFormed() && length >= 8 && length <= 128;
}

/** Whether a nickname may be chosen: 1–32 characters, of which something is seen. */
export function isNickname(text: string): boolean {
  const isFit = text.isWellFormed() && !UNFIT.test(text) && SEEN.test(text);
  return isFit && [...text].length <= 32;
}

/** Whether a session may have this key: 1–64 letters, digits, `_`, `-` and `.`. */
export function isSessionKey(text: string): boolean {
  return KEY.test(text);
}

/** Whether a session may hold this value: text of at most 4 KiB. */
export function isSessionValue(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_VALUE_BYTES;
}
