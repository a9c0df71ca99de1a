/**
 * The rate limit by itself, by a clock that the test turns.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRateLimit } from '../../lib/http/rate-limit.ts';

function createClock() {
  let at = 5_000_000;
  return {
    now: () => at,
    pass(ms: number) {
      at += ms;
    },
  };
}

describe('a rate limit', () => {
  test('lets a minute’s worth through at once, then one each time its share has passed', () => {
    const clock = createClock();
    const limit = createRateLimit(60, 1000, clock.now);
    for (let count = 0; count < 60; count += 1) assert.equal(limit.take('a'), 0);
    assert.equal(Math.round(limit.take('a')), 1000);
    clock.pass(400);
    assert.equal(Math.round(limit.take('a')), 600);
    clock.pass(600);
    assert.equal(limit.take('a'), 0);
    assert.equal(Math.round(limit.take('a')), 1000);
  });

  test('never holds more than a minute’s worth', () => {
    const clock = createClock();
    const limit = createRateLimit(2, 30_000, clock.now);
    limit.take('a');
    clock.pass(86_400_000);
    assert.deepEqual([limit.take('a'), limit.take('a')], [0, 0]);
    assert.ok(limit.take('a') > 0);
  });

  test('counts each client by itself, and those refused not at all', () => {
    const clock = createClock();
    const limit = createRateLimit(1, 60_000, clock.now);
    assert.equal(limit.take('a'), 0);
    assert.equal(limit.take('b'), 0);
    for (let count = 0; count < 100; count += 1) assert.ok(limit.take('a') > 0);
    clock.pass(60_000);
    assert.equal(limit.take('a'), 0);
  });

  test('gives a token back, and never more than there is room for', () => {
    const limit = createRateLimit(2, 60_000, createClock().now);
    limit.take('a');
    limit.take('a');
    limit.refund('a');
    assert.equal(limit.take('a'), 0);
    assert.ok(limit.take('a') > 0);
    limit.reset('a');
    limit.refund('a');
    assert.deepEqual([limit.take('a'), limit.take('a')], [0, 0]);
    assert.ok(limit.take('a') > 0);
  });

  test('of 0 lets everything through', () => {
    const limit = createRateLimit(0, 60_000, createClock().now);
    for (let count = 0; count < 1000; count += 1) assert.equal(limit.take('a'), 0);
  });

  test('remembers 10,000 clients, and forgets the one least recently used', () => {
    const limit = createRateLimit(1, 60_000, createClock().now);
    for (let count = 0; count < 10_000; count += 1) limit.take(`${count}`);
    assert.ok(limit.take('5') > 0, 'a known one evicts none');
    assert.ok(limit.take('0') > 0, 'the first is known, and was now seen again');
    assert.equal(limit.take('another'), 0);
    assert.ok(limit.take('0') > 0, 'the first is still known');
    assert.equal(limit.take('1'), 0, 'the second was evicted');
  });
});
