/**
 * The two limits by themselves, by a clock that the test turns.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createBackoff, createRateLimit } from '../lib/http/limit.ts';

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
    const limit = createRateLimit(60, clock.now);
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
    const limit = createRateLimit(2, clock.now);
    limit.take('a');
    clock.pass(86_400_000);
    assert.deepEqual([limit.take('a'), limit.take('a')], [0, 0]);
    assert.ok(limit.take('a') > 0);
  });

  test('counts each client by itself, and those refused not at all', () => {
    const clock = createClock();
    const limit = createRateLimit(1, clock.now);
    assert.equal(limit.take('a'), 0);
    assert.equal(limit.take('b'), 0);
    for (let count = 0; count < 100; count += 1) assert.ok(limit.take('a') > 0);
    clock.pass(60_000);
    assert.equal(limit.take('a'), 0);
  });

  test('of 0 lets everything through', () => {
    const limit = createRateLimit(0, createClock().now);
    for (let count = 0; count < 1000; count += 1) assert.equal(limit.take('a'), 0);
  });

  test('remembers 10,000 clients, and forgets the one that has been quiet longest', () => {
    const limit = createRateLimit(1, createClock().now);
    for (let count = 0; count < 10_000; count += 1) limit.take(`${count}`);
    assert.ok(limit.take('5') > 0, 'one that is known makes nobody go');
    assert.ok(limit.take('0') > 0, 'the first is known, and was now seen again');
    assert.equal(limit.take('another'), 0);
    assert.ok(limit.take('0') > 0, 'the first is still known');
    assert.equal(limit.take('1'), 0, 'the second has made room');
  });
});

describe('a backoff', () => {
  test('waits 1, 2, 4 … s once the free failures are used up, and 15 minutes at most', () => {
    const clock = createClock();
    const backoff = createBackoff(3, clock.now);
    const waits = [];
    for (let count = 0; count < 15; count += 1) {
      backoff.failed('a');
      const wait = backoff.waitFor('a');
      waits.push(wait / 1000);
      clock.pass(Math.max(0, wait - 1));
      if (wait > 0) assert.equal(backoff.waitFor('a'), 1);
      clock.pass(1);
      assert.equal(backoff.waitFor('a'), 0);
      if (wait === 900_000) break;
    }
    assert.deepEqual(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
  });

  test('forgives who has been quiet for 15 minutes, and not sooner', () => {
    for (const [quietMs, wait] of [
      [900_000, 0],
      [899_999, 2000],
    ] as const) {
      const clock = createClock();
      const backoff = createBackoff(2, clock.now);
      backoff.failed('a');
      backoff.failed('a');
      clock.pass(quietMs);
      backoff.failed('a');
      assert.equal(backoff.waitFor('a'), wait);
    }
  });

  test('takes failures back, and the wait with them', () => {
    const backoff = createBackoff(2, createClock().now);
    for (let count = 0; count < 3; count += 1) backoff.failed('a');
    backoff.undo('a', 1);
    assert.equal(backoff.waitFor('a'), 0);
    backoff.failed('a');
    assert.equal(backoff.waitFor('a'), 2000);
    backoff.undo('a', 99);
    assert.equal(backoff.forget('a'), 0);
    backoff.undo('nobody', 1);
  });

  test('forgets a key, and says how many failures it had', () => {
    const backoff = createBackoff(1, createClock().now);
    backoff.failed('a');
    backoff.failed('a');
    backoff.failed('b');
    assert.equal(backoff.forget('a'), 2);
    assert.equal(backoff.waitFor('a'), 0);
    assert.equal(backoff.waitFor('b'), 1000);
  });

  test('of 0 never waits', () => {
    const backoff = createBackoff(0, createClock().now);
    for (let count = 0; count < 100; count += 1) backoff.failed('a');
    assert.equal(backoff.waitFor('a'), 0);
  });

  test('remembers 10,000 keys, and forgets the one that has been quiet longest', () => {
    const backoff = createBackoff(1, createClock().now);
    for (let count = 0; count < 10_001; count += 1) backoff.failed(`${count}`);
    assert.equal(backoff.waitFor('0'), 0);
    assert.equal(backoff.waitFor('1'), 1000);
    assert.equal(backoff.waitFor('10000'), 1000);
  });
});
