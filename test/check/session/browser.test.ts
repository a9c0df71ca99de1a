/** The checker's browser keeps cookies as RFC 6265bis says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Browser } from './browser.ts';
import { parseSetCookie } from './request.ts';

/** What a browser at this address sends after these Set-Cookie fields. */
function cookiesAfter(lines: readonly string[], address = 'http://127.0.0.1/', path = '/set') {
  const browser = new Browser(new URL(address), () => {
    throw new Error('nothing is sent here');
  });
  browser.take(lines.map(parseSetCookie), path);
  return browser.cookies;
}

describe('a cookie', () => {
  const CASES: readonly { what: string; lines: readonly string[]; cookies: string }[] = [
    { what: 'is kept', lines: ['a=1; Path=/; HttpOnly'], cookies: 'a=1' },
    { what: 'loses the spaces around it', lines: ['  a = 1 ;Path = /'], cookies: 'a=1' },
    { what: 'may hold «=»', lines: ['a=b=c'], cookies: 'a=b=c' },
    { what: 'may have no name', lines: ['value'], cookies: 'value' },
    { what: 'without name and value is ignored', lines: ['=; Path=/'], cookies: '' },
    {
      what: 'takes the place of another of its name',
      lines: ['a=1', 'b=2', 'a=3'],
      cookies: 'a=3; b=2',
    },
    {
      what: 'of 4096 bytes is kept',
      lines: [`a=${'x'.repeat(4095)}`],
      cookies: `a=${'x'.repeat(4095)}`,
    },
    { what: 'of 4097 bytes is ignored', lines: ['a=1', `a=${'x'.repeat(4096)}`], cookies: 'a=1' },
    { what: 'with a control character is ignored', lines: ['a=1\x07'], cookies: '' },
    { what: 'ends with Max-Age=0', lines: ['a=1', 'a=; Max-Age=0'], cookies: '' },
    {
      what: 'ends in the past',
      lines: ['a=1', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      cookies: '',
    },
    {
      what: 'goes by Max-Age before Expires',
      lines: ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60'],
      cookies: 'a=1',
    },
    { what: 'with a Max-Age that is no number lasts', lines: ['a=1; Max-Age=x'], cookies: 'a=1' },
    {
      what: 'of another path stays when one is taken back',
      lines: ['a=1; Path=/', 'a=; Path=/other; Max-Age=0'],
      cookies: 'a=1',
    },
    { what: 'of another path is not sent', lines: ['a=1; Path=/other'], cookies: '' },
    { what: 'of another host is ignored', lines: ['a=1; Domain=example.org'], cookies: '' },
    {
      what: 'of this host by name is another than of this host alone',
      lines: ['a=1', 'a=; Domain=127.0.0.1; Max-Age=0'],
      cookies: 'a=1',
    },
    {
      what: 'named __Host- is kept with Secure and Path=/',
      lines: ['__Host-a=1; Secure; Path=/'],
      cookies: '__Host-a=1',
    },
    { what: 'named __Host- is ignored without Secure', lines: ['__Host-a=1; Path=/'], cookies: '' },
    { what: 'named __Host- is ignored without Path=/', lines: ['__Host-a=1; Secure'], cookies: '' },
    {
      what: 'named __Host- is ignored with Domain',
      lines: ['__Host-a=1; Secure; Path=/; Domain=127.0.0.1'],
      cookies: '',
    },
    {
      what: 'named __Secure- is ignored without Secure',
      lines: ['__Secure-a=1; Path=/'],
      cookies: '',
    },
    {
      what: 'ignores an attribute of more than 1024 letters',
      lines: [`a=1; Path=/${'x'.repeat(1024)}`],
      cookies: 'a=1',
    },
  ];
  for (const { what, lines, cookies } of CASES)
    test(what, () => assert.equal(cookiesAfter(lines), cookies));

  test('without Path belongs to the folder of the request', () => {
    const address = 'http://127.0.0.1/contract';
    assert.equal(cookiesAfter(['a=1'], address), 'a=1');
    assert.equal(cookiesAfter(['a=1'], address, '/deeper/set'), '');
  });

  test('of a longer path is sent first', () => {
    const lines = ['a=1; Path=/', 'b=2; Path=/contract'];
    assert.equal(cookiesAfter(lines, 'http://127.0.0.1/contract'), 'b=2; a=1');
  });
});
