// @ts-check
/*
 * Every request of the lessons, told as it goes out. Whoever shows requests listens here, and sends
 * none itself.
 */

/**
 * @typedef {object} Exchange a request that goes out now; its answer will come in `xhr`
 * @property {XMLHttpRequest} xhr
 * @property {string} method in capitals
 * @property {string} url
 * @property {Record<string, string>} headers those that the script sets
 * @property {string} body as it is sent, but for a password; empty for none
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

/**
 * Follows a request from its beginning. An `XMLHttpRequest` does not say what it was asked, so
 * three methods of this one object take notes before they do their work.
 * @param {XMLHttpRequest} xhr fresh from `createXhr()`
 * @returns {XMLHttpRequest} the same
 */
export function follow(xhr) {
  const { open, setRequestHeader, send } = xhr;
  /** @type {Exchange} */
  let exchange;
  /** @param {string} method @param {string | URL} url @param {boolean} isAsync */
  xhr.open = (method, url, isAsync = true) => {
    exchange = { xhr, method: method.toUpperCase(), url: String(url), headers: {}, body: '' };
    open.call(xhr, method, url, isAsync);
  };
  xhr.setRequestHeader = (name, value) => {
    exchange.headers[name] = value;
    setRequestHeader.call(xhr, name, value);
  };
  xhr.send = (body = null) => {
    exchange.body = String(body ?? '').replace(/(^|&)upwd=[^&]*/, '$1upwd=…');
    for (const listener of listeners) listener(exchange);
    send.call(xhr, body);
  };
  return xhr;
}
