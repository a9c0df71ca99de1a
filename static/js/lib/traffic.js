// @ts-check
/*
 * Every request of the lessons, announced as it goes out to those that show requests. What the page
 * asks for itself is not among them. `observe-xhr.js` watches XMLHttpRequest; `fetch` is watched here.
 */
import { headText } from './raw.js';

/**
 * @typedef {object} Answer
 * @property {number} status 0 if none has come
 * @property {boolean} isGivenUp whether it was given up by `abort`
 * @property {string} head its status and its headers, a line each
 * @property {string} body
 * @property {number} ms how long it took
 */
/**
 * The lessons' lines that a request was seen to come from, as `static/js/lessons/name.js:12`: up to
 * `send`, and from then on.
 * @typedef {{ sent: Set<string>, answered: Set<string> }} Lines
 */
/**
 * @typedef {object} Exchange a request that goes out now
 * @property {string} method in capitals
 * @property {string} url
 * @property {Record<string, string>} headers those that the script sets
 * @property {string} body as it is sent, but for a password; empty for none
 * @property {Lines} lines
 * @property {boolean} isAside whether the part only looks what has become of another request
 * @property {boolean} isAnother whether it goes without this browser's cookie, as another's would
 * @property {Promise<Answer>} over
 */

/** @typedef {(exchange: Exchange) => void} Listener */

/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * Tells of every request from now on.
 * @param {Listener} listener called just before a request is sent
 * @param {AbortSignal} [signal] ends it
 */
export function onTraffic(listener, signal) {
  listeners.add(listener);
  signal?.addEventListener('abort', () => listeners.delete(listener));
}

/** @param {Exchange} exchange */
export function announce(exchange) {
  const body = exchange.body.replace(/(^|&)upwd=[^&]*/, '$1upwd=…');
  for (const listener of listeners) listener({ ...exchange, body });
}

const { fetch } = window;
window.fetch = (input, init = {}) => {
  const begin = performance.now();
  const { method = 'GET', body, credentials } = init;
  const answering = fetch(input, init);
  announce({
    method,
    url: String(input),
    headers: Object.fromEntries(new Headers(init.headers)),
    body: String(body ?? ''),
    lines: { sent: new Set(), answered: new Set() },
    isAside: false,
    isAnother: credentials === 'omit',
    over: answering.then((response) => answerOf(response.clone(), begin)).catch(noAnswer),
  });
  return answering;

  /** @returns {Answer} */
  function noAnswer() {
    const isGivenUp = init.signal?.aborted ?? false;
    return { status: 0, isGivenUp, head: '', body: '', ms: performance.now() - begin };
  }
};

/** @param {Response} response @param {number} begin @returns {Promise<Answer>} */
async function answerOf(response, begin) {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  const head = headText(response, lines.join('\r\n'));
  const body = await response.text();
  const { status } = response;
  return { status, isGivenUp: false, head, body, ms: performance.now() - begin };
}
