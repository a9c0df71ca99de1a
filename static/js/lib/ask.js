// @ts-check
/*
 * One request, sent by XMLHttpRequest: the way that everything on this page takes which is not
 * itself a lesson on how to send one.
 */
import { aside, ignore } from './observe-xhr.js';

const TIMEOUT_MS = 10_000;

/**
 * @typedef {object} Options
 * @property {Record<string, string>} [fields] the form to send; none for no body
 * @property {AbortSignal} [signal] gives the request up; then `done` is not called
 * @property {number} [timeoutMs] 10 s if left out
 * @property {boolean} [isAside] only looks what has become of another request: not drawn
 * @property {boolean} [isFrame] the frame's own request, which is not shown as the lesson's
 */

/**
 * @param {string} method
 * @param {string} url
 * @param {Options} options
 * @param {(xhr: XMLHttpRequest) => void} done called when it is over, well or badly
 * @returns {XMLHttpRequest} to be given up by its `abort`
 */
export function ask(method, url, options, done) {
  const { fields = {}, signal, timeoutMs = TIMEOUT_MS, isAside = false, isFrame } = options;
  const xhr = createXhr();
  if (isFrame) ignore(xhr);
  if (isAside) aside(xhr);
  const giveUp = () => xhr.abort();
  const body = encodeFields(fields);
  xhr.open(method, url, true);
  xhr.timeout = timeoutMs;
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 4) return;
    signal?.removeEventListener('abort', giveUp);
    if (!signal?.aborted) done(xhr);
  };
  signal?.addEventListener('abort', giveUp);
  if (body === '') {
    xhr.send(null);
  } else {
    xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    xhr.send(body);
  }
  return xhr;
}

/** @param {Record<string, string>} fields */
function encodeFields(fields) {
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}
