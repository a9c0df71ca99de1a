// @ts-check
/*
 * One request of a lesson: sent by XMLHttpRequest, listed as it goes over the wire, and given up
 * when the reader leaves the part.
 */
import { follow } from './wire.js';

const TIMEOUT_MS = 10_000;

/**
 * @callback Send
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} fields the form to send; none for no body
 * @param {(xhr: XMLHttpRequest) => void} done called when it is over, well or badly
 * @returns {void}
 */

/**
 * @param {Element} wire the list of what went over the wire
 * @param {AbortSignal} signal aborted when the reader leaves the part
 * @returns {Send}
 */
export function createSend(wire, signal) {
  return (method, url, fields, done) => {
    const xhr = createXhr();
    const giveUp = () => xhr.abort();
    const body = encodeFields(fields);
    xhr.open(method, url, true);
    xhr.timeout = TIMEOUT_MS;
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== 4) return;
      signal.removeEventListener('abort', giveUp);
      if (!signal.aborted) done(xhr);
    };
    signal.addEventListener('abort', giveUp);
    follow(wire, xhr, `${method} ${url} ${body}`.trim());
    if (body === '') return xhr.send(null);
    xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    xhr.send(body);
  };
}

/** @param {Record<string, string>} fields */
function encodeFields(fields) {
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}
