// @ts-check
/*
 * Every request of the lessons, told as it goes out. Whoever shows requests listens here, and sends
 * none itself.
 */
import { headText } from './raw.js';

/**
 * @typedef {object} Answer
 * @property {number} status 0 if none has come
 * @property {string} head its status and its headers, a line each
 * @property {string} body
 * @property {number} ms how long it took
 */
/**
 * @typedef {object} Exchange a request that goes out now
 * @property {string} method in capitals
 * @property {string} url
 * @property {Record<string, string>} headers those that the script sets
 * @property {string} body as it is sent, but for a password; empty for none
 * @property {boolean} isAside whether the part only looks what has become of another request
 * @property {boolean} isAnother whether it goes without this browser's cookie, as another's would
 * @property {Promise<Answer>} over
 */

/** @typedef {(exchange: Exchange) => void} Listener */

/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * Tells of every request that is followed from now on.
 * @param {Listener} listener called just before a request is sent
 * @param {AbortSignal} [signal] ends it
 */
export function onTraffic(listener, signal) {
  listeners.add(listener);
  signal?.addEventListener('abort', () => listeners.delete(listener));
}

/** @param {Exchange} exchange */
function tell(exchange) {
  const body = exchange.body.replace(/(^|&)upwd=[^&]*/, '$1upwd=…');
  for (const listener of listeners) listener({ ...exchange, body });
}

/**
 * Follows a request from its beginning. An `XMLHttpRequest` does not say what it was asked, so
 * three methods of this one object take notes before they do their work.
 * @param {XMLHttpRequest} xhr fresh from `createXhr()`
 * @param {boolean} [isAside] whether the part only looks what has become of another request
 * @returns {XMLHttpRequest} the same
 */
export function follow(xhr, isAside = false) {
  const { open, setRequestHeader, send } = xhr;
  let [method, url] = ['', ''];
  /** @type {Record<string, string>} */
  const headers = {};

  /** @param {string} name @param {string | URL} address @param {boolean} isAsync */
  xhr.open = (name, address, isAsync = true) => {
    [method, url] = [name.toUpperCase(), String(address)];
    open.call(xhr, name, address, isAsync);
  };
  xhr.setRequestHeader = (name, value) => {
    headers[name] = value;
    setRequestHeader.call(xhr, name, value);
  };
  xhr.send = (body = null) => {
    const begin = performance.now();
    /** @type {Promise<Answer>} */
    const over = new Promise((resolve) => {
      xhr.addEventListener('loadend', () => {
        const ms = performance.now() - begin;
        const head = headText(xhr, xhr.getAllResponseHeaders());
        resolve({ status: xhr.status, head, body: xhr.responseText, ms });
      });
    });
    tell({ method, url, headers, body: String(body ?? ''), isAside, isAnother: false, over });
    send.call(xhr, body);
  };
  return xhr;
}

/**
 * `fetch`, followed likewise.
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export function followedFetch(url, init = {}) {
  const begin = performance.now();
  const { method = 'GET', body, credentials } = init;
  const headers = Object.fromEntries(new Headers(init.headers));
  const answering = fetch(url, init);
  const over = answering.then((response) => answerOf(response.clone(), begin)).catch(noAnswer);
  const isAnother = credentials === 'omit';
  tell({ method, url, headers, body: String(body ?? ''), isAside: false, isAnother, over });
  return answering;

  /** @returns {Answer} */
  function noAnswer() {
    return { status: 0, head: '', body: '', ms: performance.now() - begin };
  }
}

/** @param {Response} response @param {number} begin @returns {Promise<Answer>} */
async function answerOf(response, begin) {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  const head = headText(response, lines.join('\r\n'));
  const body = await response.text();
  return { status: response.status, head, body, ms: performance.now() - begin };
}
