// @ts-check
/*
 * The homework: the whole form. The name's box checks itself (`lib/name-check.js`); registering,
 * logging in and out are the account's (`form/account.js`).
 */
import { elementsOf } from '../lib/element.js';
import { createNameCheck } from '../lib/name-check.js';
import { listTraffic } from '../lib/wire.js';
import { startAccount } from './form/account.js';

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const input = elementOf('uname', HTMLInputElement);
  const name = createNameCheck(input, elementOf('uname-message'), signal);
  listTraffic(elementOf('wire'), signal);
  startAccount(part, signal, name);
  // An address ending in #solution opens it.
  if (location.hash === '#solution') elementOf('solution').setAttribute('open', '');
}
