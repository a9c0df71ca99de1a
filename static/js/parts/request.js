// @ts-check
/*
 * The life of a request: whatever is pressed is sent, and each step that `readyState` takes is
 * drawn, listed, and shown with what has come so far. One request at a time; the next one gives the
 * one before up.
 */
import { elementsOf, make } from '../lib/element.js';
import { whenReleased } from '../lib/press.js';
import { bodyText, headText, requestText } from '../lib/raw.js';
import { inMs } from '../lib/time.js';
import { follow } from '../lib/traffic.js';
import { createTimeline } from './request/timeline.js';

/** @typedef {{ method: string, url: string, headers: Record<string, string>, body: string }} Request */

const TIMEOUT_MS = 10_000;
const SLOW_MS = 1500;
const PIECES = 12;
const PIECE_MS = 250;
/** What a piece of `/lab/drip` weighs, in bytes. */
const PIECE_BYTES = 1024;
/** State 4 does not say how it ended; one of these events does. */
const ENDINGS = ['load', 'abort', 'error', 'timeout'];
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** @type {Record<string, (name: string) => Request>} */
const REQUESTS = {
  get: (name) => getting(`/01-server?name=${encodeURIComponent(name)}`),
  post: (name) => ({
    method: 'POST',
    url: '/02-server',
    headers: FORM,
    body: `name=${encodeURIComponent(name)}&lang=${language.current}`,
  }),
  slow: () => getting(`/lab/slow?ms=${SLOW_MS}`),
  drip: () => getting(`/lab/drip?chunks=${PIECES}&ms=${PIECE_MS}`),
};

/** @param {string} url @returns {Request} */
function getting(url) {
  return { method: 'GET', url, headers: {}, body: '' };
}

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const bar = elementOf('bar', HTMLProgressElement);
  const timeline = createTimeline(elementOf('timeline', SVGSVGElement));
  const giveUp = () => running?.abort();
  /** @type {XMLHttpRequest | undefined} */
  let running;

  /** @param {Request} request */
  function send(request) {
    giveUp();
    const { method, url, headers, body } = request;
    const isDrip = url.startsWith('/lab/drip');
    bar.value = 0;
    elementOf('growing').hidden = !isDrip;
    language.say(elementOf('bar-text'), '');
    elementOf('request').textContent = requestText(request);
    elementOf('head').textContent = '';
    elementOf('body').textContent = '';
    elementOf('steps').replaceChildren();
    language.say(elementOf('outcome'), { en: 'Under way…', zh: '进行中……' });

    const xhr = follow(createXhr());
    running = xhr;
    const step = () => {
      const at = timeline.mark(xhr.readyState);
      const now = { state: xhr.readyState, status: xhr.status, length: xhr.responseText.length };
      whenReleased(() => note(xhr, at, now));
    };
    timeline.begin();
    step();
    // Before open(), or the step to 1 would go unseen.
    xhr.onreadystatechange = step;
    xhr.onprogress = ({ loaded }) => {
      if (isDrip) grow(loaded);
    };
    let ending = '';
    for (const type of ENDINGS) {
      xhr.addEventListener(type, () => {
        ending = type;
      });
    }
    xhr.onloadend = () => {
      running = undefined;
      timeline.end(ending === 'load' ? 'good' : 'bad');
      whenReleased(() => language.say(elementOf('outcome'), outcomeOf(xhr, ending)));
    };
    xhr.open(method, url, true);
    xhr.timeout = TIMEOUT_MS;
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.send(body === '' ? null : body);
  }

  /** @param {number} bytes */
  function grow(bytes) {
    bar.value = bytes / (PIECES * PIECE_BYTES);
    const percent = Math.round(100 * bar.value);
    language.say(elementOf('bar-text'), {
      en: `${percent} %, ${bytes} bytes`,
      zh: `${percent}%，${bytes} 字节`,
    });
  }

  /**
   * @param {XMLHttpRequest} xhr
   * @param {number} at
   * @param {{ state: number, status: number, length: number }} seen what it said at that moment
   */
  function note(xhr, at, { state, status, length }) {
    elementOf('head').textContent = headText(xhr, xhr.getAllResponseHeaders());
    elementOf('body').textContent = bodyText(xhr.responseText);
    const steps = elementOf('steps');
    const last = steps.lastElementChild;
    const isAgain = last?.getAttribute('data-state') === String(state);
    const times = isAgain ? Number(last?.getAttribute('data-times')) + 1 : 1;
    const row = document.createElement('tr');
    row.dataset.state = String(state);
    row.dataset.times = String(times);
    row.append(
      make('td', inMs(at)),
      make('td', times === 1 ? `${state}` : `${state} × ${times}`),
      make('td', String(status)),
      make('td', String(length)),
    );
    if (isAgain) last?.replaceWith(row);
    else steps.append(row);
  }

  part.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const name = elementOf('name', HTMLInputElement).value;
      const request = REQUESTS[button?.dataset.request ?? '']?.(name);
      if (request) send(request);
    },
    { signal },
  );
  elementOf('abort').addEventListener('click', giveUp, { signal });
  signal.addEventListener('abort', () => {
    giveUp();
    timeline.stop();
  });
}

/**
 * @param {XMLHttpRequest} xhr a request that is over
 * @param {string} ending the event that said so
 * @returns {Message}
 */
function outcomeOf({ status, responseText: { length } }, ending) {
  return {
    en: `Over, by the event “${ending}”: status ${status}, ${length} characters.`,
    zh: `结束，由“${ending}”事件告知：status 为 ${status}，共 ${length} 个字符。`,
  };
}
