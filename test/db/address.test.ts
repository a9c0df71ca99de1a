/**
 * DATABASE_URL: what it may be, and what whoever set it wrong is told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAddress } from '../../lib/db/address.ts';

const FORM = 'DATABASE_URL must look like mysql://user:password@host:3306/ajax';

const refused: [what: string, text: string, hint: RegExp][] = [
  ['no URL', 'localhost:3306', /%25/],
  ['another protocol', 'postgres://user:s3cret@host/ajax', /%25/],
  ['no host', 'mysql:///ajax', /%25/],
  ['one host of two that is none', 'mysql://user:s3cret@a,,b/ajax', /%25/],
  ['no database', 'mysql://user:s3cret@host', /%25/],
  ['an empty database', 'mysql://user:s3cret@host/', /%25/],
  ['two databases', 'mysql://user:s3cret@host/a/b', /%25/],
  ['a port that is none', 'mysql://user:s3cret@host:99999/ajax', /%25/],
  ['port 0', 'mysql://user:s3cret@host:0/ajax', /%25/],
  ['an open bracket', 'mysql://user:s3cret@[::1/ajax', /%25/],
  ['a fragment', 'mysql://user:s3cret@host/ajax#x', /%25/],
  ['a bare percent sign in the password', 'mysql://user:s3cret%@host/ajax', /% as %25/],
  ['a slash in the password', 'mysql://user:s3c/ret@host/ajax', /\/ as %2F/],
  ['a question mark in the password', 'mysql://user:s3c?ret@host/ajax', /\? as %3F/],
  ['a number sign in the password', 'mysql://user:s3c#ret@host/ajax', /# as %23/],
  ['an option that is not known', 'mysql://user:s3cret@host/ajax?charset=latin1', /ssl=true/],
  ['ssl that is off', 'mysql://user:s3cret@host/ajax?ssl=false', /ssl=true/],
  ['ssl to an address, which no certificate names', 'mysql://u:s3cret@10.0.0.1/x?ssl=true', /name/],
  ['ssl to an IPv6 address', 'mysql://user:s3cret@[::1]/ajax?ssl=true', /name/],
  ['ssl to an address beside a name', 'mysql://u:s3cret@a,10.0.0.1/x?ssl=true', /name/],
];
for (const [what, text, hint] of refused) {
  test(`DATABASE_URL with ${what} is refused, and its password not repeated`, () => {
    assert.throws(
      () => readAddress(text),
      ({ message }: Error) =>
        message.startsWith(FORM) && hint.test(message) && !/s3c|ret/.test(message),
    );
  });
}

test('DATABASE_URL says where the database is, and who we are there', () => {
  assert.deepEqual(readAddress('mysql://user:password@host:3307/ajax'), {
    hosts: [{ host: 'host', port: 3307 }],
    user: 'user',
    password: 'password',
    database: 'ajax',
    tls: false,
  });
});

test('DATABASE_URL may leave out the port, the password and the user', () => {
  for (const text of ['mysql://user@host/ajax', 'mysql://host/ajax']) {
    const { hosts, password } = readAddress(text);
    assert.deepEqual([hosts, password], [[{ host: 'host', port: 3306 }], '']);
  }
});

test('DATABASE_URL may name several hosts, IPv6 addresses among them', () => {
  const { hosts } = readAddress('mysql://u@a,[::1]:3307,10.0.0.1:3308/ajax');
  assert.deepEqual(hosts, [
    { host: 'a', port: 3306 },
    { host: '::1', port: 3307 },
    { host: '10.0.0.1', port: 3308 },
  ]);
});

test('DATABASE_URL may ask for TLS to a host by name', () => {
  assert.equal(readAddress('mysql://u:p@db.example:3307/db?ssl=true').tls, true);
});

test('DATABASE_URL takes every character in its coded form, and in the password @ and : as they are', () => {
  const odd = 'p@ss:w/ö%r#d?\\ "';
  const url = `mysql://${encodeURIComponent(odd)}:${encodeURIComponent(odd)}@h/a%60b`;
  const { user, password, database } = readAddress(url);
  assert.deepEqual([user, password, database], [odd, odd, 'a`b']);
  assert.equal(readAddress('mysql://u:p@s:s@h/ajax').password, 'p@s:s');
});
