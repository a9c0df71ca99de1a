// @ts-check
/*
 * The first part: one box, one check, and nothing else.
 */
import { elementsOf } from '../lib/element.js';
import { createNameCheck } from '../lib/name-check.js';

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const input = elementOf('uname', HTMLInputElement);
  const name = createNameCheck(input, elementOf('uname-message'), signal);
  // Enter means: look now.
  elementOf('name').addEventListener('submit', name.check, { signal });
  // The box may have been filled in and left before this script was here.
  if (document.activeElement !== input) name.check();
}
