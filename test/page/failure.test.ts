import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureText, isLoginRequired } from '../../static/js/lib/failure.js';

const HTML = '<!doctype html><title>Log in to the network</title>';

for (const status of [200, 401]) {
  test(`a ${status} with HTML in place of JSON is told as a fault of the server`, () => {
    // Only these two members are read of an answer with such a status.
    const xhr = { status, responseText: HTML } as XMLHttpRequest;
    assert.equal(isLoginRequired(xhr), false);
    assert.match(failureText(xhr).en, /The server failed/);
  });
}
