/**
 * The page refuses some things before it asks. That must be nothing that the server would take, so
 * both are asked about the same texts: their rules are kept twice, and held together here.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalUname, isNickname, isUpwd } from '../../lib/routes/validation.ts';
import * as page from '../../static/js/lib/rules.js';
import { startApp } from '../support/app.ts';

const LETTERS = ['a', 'Z', '王', 'é', 'e\u0301', 'ß', 'ﬁ', 'İ', '९', 'क्', '🂡', '\u200b', '\u202e'];
const SIGNS = ['_', '-', '.', ' ', '&', '%', '/', '1', '\t', '\ud800'];

/** Texts of every length that a rule looks at, and of every kind of sign. */
const texts = [
  ...[0, 1, 2, 3, 7, 8, 9, 19, 20, 21, 31, 32, 33, 63, 64, 65, 127, 128, 129].flatMap((length) =>
    [...LETTERS, ...SIGNS].map((sign) => sign.repeat(length)),
  ),
  ...[...LETTERS, ...SIGNS].flatMap((sign) => [`ab${sign}`, `${sign}cd`, `nickname${sign}`]),
  '..',
  'a.b',
];

const rules: [what: string, ofPage: (text: string) => boolean, ofServer: (t: string) => boolean][] =
  [
    ['a user name', page.isUname, (text) => canonicalUname(text) !== undefined],
    ['a password', page.isUpwd, isUpwd],
    ['a nickname', page.isNickname, isNickname],
  ];

for (const [what, ofPage, ofServer] of rules) {
  test(`whatever the server takes for ${what} is not refused by the page`, () => {
    const taken = texts.filter(ofServer);
    assert.ok(taken.length > 20);
    assert.deepEqual(
      taken.filter((text) => !ofPage(text)),
      [],
    );
  });

  test(`what is too short or too long for ${what} is refused by both`, () => {
    const plain = texts.filter((text) => /^a*$/.test(text));
    assert.deepEqual(plain.filter(ofPage), plain.filter(ofServer));
  });
}

test('the page takes the same keys and values for a session as the server', async (t) => {
  const { url } = await startApp(t);
  const put = async (key: string, value: string) => {
    const body = new URLSearchParams({ value });
    const path = `/session/${encodeURIComponent(key)}`;
    return (await fetch(url + path, { method: 'PUT', body })).ok;
  };
  for (const key of texts.filter((text) => text.isWellFormed() && text !== '')) {
    assert.equal(page.isKey(key), await put(key, 'x'), JSON.stringify(key));
  }
  for (const value of [
    '',
    'x'.repeat(4096),
    'x'.repeat(4097),
    '王'.repeat(1365),
    '王'.repeat(1366),
  ]) {
    assert.equal(page.isValue(value), await put('key', value), `${value.length} × ${value[0]}`);
  }
});
