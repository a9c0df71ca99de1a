// @ts-check
/*
 * Watches the browser's own XMLHttpRequest, once for the whole page: its constructor and the members
 * of its prototype are wrapped. A lesson knows nothing of it, so its file runs anywhere else as well.
 */
import { headText } from './raw.js';
import { announce } from './traffic.js';

/**
 * @typedef {object} Request what is known of one
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {import('./traffic.js').Lines} lines
 * @property {boolean} isSent
 * @property {boolean} isAside
 */

/** A place in a lesson, as a stack has it: Chromium in brackets, Firefox and WebKit behind an `@`. */
const PLACE = /\/(static\/js\/lessons\/[\w/-]+\.js):(\d+):\d+/g;
/** What a lesson can be called back by. */
const HANDLERS = /** @type {const} */ ([
  'onreadystatechange',
  'onload',
  'onerror',
  'ontimeout',
  'onabort',
]);

/** All requests but those that are ignored. @type {WeakMap<XMLHttpRequest, Request>} */
const records = new WeakMap();
/** Sent, and not over. @type {Set<XMLHttpRequest>} */
const running = new Set();
/** @type {Set<(xhr: XMLHttpRequest) => void>} */
const openListeners = new Set();
/** The request that a lesson has touched last. @type {Request | undefined} */
let latest;

/** A request of the page itself, which belongs to no lesson. @param {XMLHttpRequest} xhr */
export function ignore(xhr) {
  records.delete(xhr);
  return xhr;
}

/** A request that only looks what another has changed: it is not drawn. @param {XMLHttpRequest} xhr */
export function aside(xhr) {
  const record = records.get(xhr);
  if (record) record.isAside = true;
  return xhr;
}

/**
 * Tells of every request as soon as it is opened, sent or not.
 * @param {(xhr: XMLHttpRequest) => void} listener
 * @param {AbortSignal} signal ends it
 */
export function onOpened(listener, signal) {
  openListeners.add(listener);
  signal.addEventListener('abort', () => openListeners.delete(listener));
}

/**
 * A function for a lesson to call: notes from which of the lesson's lines it was called.
 * @template {(...args: never[]) => void} T
 * @param {T} callback
 * @returns {T}
 */
export function traced(callback) {
  const wrapped = (/** @type {Parameters<T>} */ ...args) => {
    if (latest) noteLines(latest);
    callback(...args);
  };
  return /** @type {T} */ (wrapped);
}

/** Gives up what is under way, and calls nothing of it back. */
export function abortAll() {
  for (const xhr of running) {
    for (const name of HANDLERS) xhr[name] = null;
    xhr.abort();
  }
}

/** The lesson's lines that are on the stack now. @param {Request} record */
function noteLines({ lines, isSent }) {
  const { stack = '' } = new Error();
  for (const [, file, line] of stack.matchAll(PLACE)) {
    lines[isSent ? 'answered' : 'sent'].add(`${file}:${line}`);
  }
}

/** @param {XMLHttpRequest} xhr */
function touched(xhr) {
  const record = records.get(xhr);
  if (record === undefined) return;
  latest = record;
  noteLines(record);
}

/** @type {ProxyHandler<typeof XMLHttpRequest>} */
const construction = {
  construct(target, args, newTarget) {
    /** @type {XMLHttpRequest} */
    const xhr = Reflect.construct(target, args, newTarget);
    const lines = { sent: new Set(), answered: new Set() };
    records.set(xhr, { method: '', url: '', headers: {}, lines, isSent: false, isAside: false });
    touched(xhr);
    return xhr;
  },
};

/** Has each use of a member noted, before it does what it always did. @param {object} prototype */
function watchMembers(prototype) {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const { get, set, value } = member;
    if (get) {
      member.get = function () {
        touched(/** @type {XMLHttpRequest} */ (this));
        return get.call(this);
      };
    }
    if (set) {
      member.set = function (to) {
        touched(/** @type {XMLHttpRequest} */ (this));
        set.call(this, to);
      };
    }
    if (typeof value === 'function' && name !== 'constructor') {
      member.value = function (/** @type {unknown[]} */ ...args) {
        touched(/** @type {XMLHttpRequest} */ (this));
        return value.apply(this, args);
      };
    }
    Object.defineProperty(prototype, name, member);
  }
}

function watchExchange() {
  const { open, setRequestHeader, send } = XMLHttpRequest.prototype;

  /** @param {any[]} args as many as there are: a third one counts, even `undefined` */
  XMLHttpRequest.prototype.open = function (...args) {
    const record = records.get(this);
    if (record) Object.assign(record, { method: args[0].toUpperCase(), url: String(args[1]) });
    Reflect.apply(open, this, args);
    if (record && !record.isAside) for (const listener of openListeners) listener(this);
  };
  XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
    const record = records.get(this);
    if (record) record.headers[name] = value;
    setRequestHeader.call(this, name, value);
  };
  XMLHttpRequest.prototype.send = function (body = null) {
    const record = records.get(this);
    if (record === undefined) return send.call(this, body);
    const begin = performance.now();
    let end = () => {};
    let isGivenUp = false;
    const over = new Promise((resolve) => {
      end = () => {
        running.delete(this);
        resolve(answerOf(this, isGivenUp, begin));
      };
    });
    this.addEventListener('abort', () => {
      isGivenUp = true;
    });
    this.addEventListener('loadend', end, { once: true });
    running.add(this);
    const { method, url, headers, lines, isAside } = record;
    const text = String(body ?? '');
    announce({ method, url, headers, body: text, lines, isAside, isAnother: false, over });
    record.isSent = true;
    try {
      send.call(this, body);
    } catch (error) {
      end(); // a synchronous request without an answer throws, and fires no event
      throw error;
    }
  };
}

/**
 * @param {XMLHttpRequest} xhr
 * @param {boolean} isGivenUp
 * @param {number} begin
 * @returns {import('./traffic.js').Answer}
 */
function answerOf(xhr, isGivenUp, begin) {
  const head = headText(xhr, xhr.getAllResponseHeaders());
  const { status, responseText } = xhr;
  return { status, isGivenUp, head, body: responseText, ms: performance.now() - begin };
}

watchExchange();
watchMembers(XMLHttpRequest.prototype);
watchMembers(XMLHttpRequestEventTarget.prototype);
window.XMLHttpRequest = new Proxy(XMLHttpRequest, construction);
