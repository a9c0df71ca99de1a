/**
 * What a visitor may choose. The limits are tried at their very edge, and names against what looks
 * like them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalUname,
  isNickname,
  isSessionKey,
  isSessionValue,
  isUpwd,
} from '../../lib/routes/validation.ts';

const oneName: [what: string, one: string, other: string][] = [
  ['a capital', 'Admin', 'admin'],
  ['full-width letters', 'ａｄｍｉｎ', 'admin'],
  ['ß and ss', 'straße', 'STRASSE'],
  ['a capital ß', 'STRAẞE', 'strasse'],
  ['the two small sigmas', 'λόγος', 'ΛΌΓΟΣ'],
  ['a ligature', 'ﬁnder', 'finder'],
  ['an accent apart', 'a\u0301dmin', 'ádmin'],
  ['an i without its dot', 'admın', 'admin'],
  ['an i with two', 'ADMİN', 'admin'],
  ['a sign that stands for capitals', '℡axy', 'telaxy'],
  ['a Kelvin sign', '\u212Aelvin', 'kelvin'],
];
for (const [what, one, other] of oneName) {
  test(`two names that differ by ${what} are one: ${one}, ${other}`, () => {
    assert.ok(canonicalUname(one));
    assert.equal(canonicalUname(one), canonicalUname(other));
  });
}

for (const uname of [
  'admin',
  'ádmin',
  'админ',
  'λόγος',
  '王小明',
  '王xm',
  'ひらカタ漢字abc',
  'ㄅㄆㄇ漢ab',
  '한국어漢ab',
  'नमस्ते',
  'กขค',
  'עברית',
  'عربي٣',
  'ⲁⲃⲅ',
  'a-_9',
  'abc',
  'a'.repeat(20),
  '王'.repeat(3),
]) {
  test(`a name in any script is taken: ${uname}`, () => {
    const canonical = canonicalUname(uname);
    assert.ok(canonical);
    assert.equal(canonicalUname(canonical), canonical);
  });
}

const noNames: [what: string, text: string][] = [
  ['an invisible letter', 'ad\u3164min'],
  ['a joiner', 'ad\u200dmin'],
  ['a mark in front', '\u0301admin'],
  ['a lone surrogate', 'adm\ud800in'],
  ['a blank', 'ad min'],
  ['2 letters', 'ab'],
  ['21 letters', 'a'.repeat(21)],
  ['11 ß, which are 22 s', 'ß'.repeat(11)],
];
for (const [what, text] of noNames) {
  test(`no name: ${what}`, () => assert.equal(canonicalUname(text), undefined));
}

const edges: [what: string, isTaken: (text: string) => boolean, text: string, taken: boolean][] = [
  ['a password of 7', isUpwd, 'x'.repeat(7), false],
  ['a password of 8', isUpwd, 'x'.repeat(8), true],
  ['a password of 8 that are two units each', isUpwd, '🂡'.repeat(8), true],
  ['a password of 7 that are two units each', isUpwd, '🂡'.repeat(7), false],
  ['a password of 128', isUpwd, 'x'.repeat(128), true],
  ['a password of 129', isUpwd, 'x'.repeat(129), false],
  ['a password that is not well-formed', isUpwd, `${'x'.repeat(8)}\ud800`, false],
  ['a nickname of 32', isNickname, '王'.repeat(32), true],
  ['a nickname of 33', isNickname, '王'.repeat(33), false],
  ['a nickname of 1', isNickname, 'x', true],
  ['an emoji of several', isNickname, '👩\u200d👧', true],
  ['blanks alone', isNickname, ' \u3000', false],
  ['a blank that is a letter', isNickname, '\u3164', false],
  ['an empty Braille cell', isNickname, '\u2800', false],
  ['what has no width', isNickname, '\u200b', false],
  ['a mark on nothing', isNickname, '\u0301', false],
  ['text turned round', isNickname, 'a\u202eb', false],
  ['text set apart', isNickname, 'a\u2066b', false],
  ['a control character', isNickname, 'a\u0007', false],
  ['a line that ends', isNickname, 'a\u2028b', false],
  ['a nickname that is not well-formed', isNickname, 'a\udfff', false],
  ['a key of 64', isSessionKey, 'k'.repeat(64), true],
  ['a key of 65', isSessionKey, 'k'.repeat(65), false],
  ['a key with marks', isSessionKey, 'e\u0301', true],
  ['a key with a slash', isSessionKey, 'a/b', false],
  ['an empty key', isSessionKey, '', false],
  ['a value of 4096 bytes', isSessionValue, '王'.repeat(1365) + 'x', true],
  ['a value of 4097 bytes', isSessionValue, '王'.repeat(1365) + 'xx', false],
];
for (const [what, isTaken, text, taken] of edges) {
  test(`${what} is ${taken ? 'taken' : 'refused'}`, () => assert.equal(isTaken(text), taken));
}
