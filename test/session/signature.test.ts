import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { SessionCookie } from '../../lib/session/cookie.ts';
import { heapUsed } from '../support/session-heap.ts';

const newId = () => randomBytes(32).toString('base64url');
const newCookie = () => new SessionCookie(['k'.repeat(32)]);
const headerOf = (setCookie: string) => setCookie.split(';', 1)[0] ?? '';

test('a signature is good however many others were seen since, and as often as it comes', () => {
  const cookie = newCookie();
  const ids = Array.from({ length: 25_000 }, newId);
  const headers = ids.map((id) => headerOf(cookie.issue(id, false)));
  for (const times of [1, 2]) {
    headers.forEach((header, at) => {
      assert.deepEqual(cookie.read(header, false), [ids[at]], `time ${times}`);
    });
  }
});

test('a signature that was seen to be good makes no other one good for the same id', () => {
  const cookie = newCookie();
  const [one, other] = [newId(), newId()];
  const [good, foreign] = [one, other].map((id) => headerOf(cookie.issue(id, false)));
  assert.deepEqual(cookie.read(good ?? '', false), [one]);
  const mixed = `sid=${one}.${foreign?.split('.')[1]}`;
  for (const header of [mixed, good?.slice(0, -1), `sid=${one}.`, `sid=${one}`]) {
    assert.deepEqual(cookie.read(header ?? '', false), []);
  }
  assert.deepEqual(cookie.read(good ?? '', false), [one]);
});

test('what is remembered of a cookie does not keep the header that it came in', () => {
  const cookie = newCookie();
  const before = heapUsed();
  for (let count = 0; count < 1000; count += 1) {
    const header = `other=${'x'.repeat(15_000)}; ${headerOf(cookie.issue(newId(), false))}`;
    assert.equal(cookie.read(Buffer.from(header).toString(), false).length, 1);
  }
  const bytes = heapUsed() - before;
  // The headers alone are 15 MB.
  assert.ok(bytes < 3_000_000, `${bytes} bytes are held`);
  assert.equal(cookie.read('', false).length, 0);
});

test('what is remembered of good signatures is bounded', () => {
  const cookie = newCookie();
  const before = heapUsed();
  for (let count = 0; count < 100_000; count += 1) {
    cookie.read(headerOf(cookie.issue(newId(), false)), false);
  }
  const bytes = heapUsed() - before;
  // All of them would be 30 MB.
  assert.ok(bytes < 12_000_000, `${bytes} bytes are held`);
  assert.equal(cookie.read('', false).length, 0);
});
