// @ts-check
/*
 * The life of a request of the lesson: each step that `readyState` takes is drawn, listed, and shown
 * with what has come so far. One request at a time; the next one gives the one before up.
 */
import { get, post } from '../lessons/request.js';
import { elementsOf, make } from '../lib/element.js';
import { onOpened, traced } from '../lib/observe-xhr.js';
import { bodyText, headText, requestText } from '../lib/raw.js';
import { inMs } from '../lib/time.js';
import { onTraffic } from '../lib/traffic.js';
import { createTimeline } from './request/timeline.js';

const TIMEOUT_MS = 10_000;
const SLOW_MS = 1500;
const PIECES = 12;
const PIECE_MS = 250;
/** What a piece of `/lab/drip` weighs, in bytes. */
const PIECE_BYTES = 1024;
/** State 4 does not say how it ended; one of these events does. */
const ENDINGS = ['load', 'abort', 'error', 'timeout'];

/** @type {Record<string, (name: string, show: (text: string) => void) => XMLHttpRequest>} */
const REQUESTS = {
  get: (name, show) => get(`/01-server?name=${encodeURIComponent(name)}`, show),
  post: (name, show) =>
    post('/02-server', `name=${encodeURIComponent(name)}&lang=${language.current}`, show),
  slow: (_, show) => get(`/lab/slow?ms=${SLOW_MS}`, show),
  drip: (_, show) => get(`/lab/drip?chunks=${PIECES}&ms=${PIECE_MS}`, show),
};

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

  /** @param {string} name of the request */
  function send(name) {
    giveUp();
    const isDrip = name === 'drip';
    bar.value = 0;
    elementOf('growing').hidden = !isDrip;
    language.say(elementOf('bar-text'), '');
    for (const id of ['head', 'body']) elementOf(id).textContent = '';
    elementOf('steps').replaceChildren();
    language.say(elementOf('outcome'), { en: 'Under way…', zh: '进行中……' });
    timeline.begin();
    note(timeline.mark(0), { state: 0, status: 0, head: '', text: '' });
    const show = traced(showBody);
    const xhr = REQUESTS[name]?.(elementOf('name', HTMLInputElement).value, show);
    running = xhr;
    if (xhr === undefined) return;
    xhr.timeout = TIMEOUT_MS;
    xhr.onprogress = ({ loaded }) => {
      if (isDrip) grow(loaded);
    };
  }

  /** Follows the request that has just been opened. @param {XMLHttpRequest} xhr */
  function follow(xhr) {
    const step = () => {
      const at = timeline.mark(xhr.readyState);
      const head = headText(xhr, xhr.getAllResponseHeaders());
      const now = { state: xhr.readyState, status: xhr.status, head, text: xhr.responseText };
      note(at, now);
    };
    step();
    xhr.addEventListener('readystatechange', step);
    let ending = '';
    for (const type of ENDINGS) {
      xhr.addEventListener(type, () => {
        ending = type;
      });
    }
    xhr.addEventListener('loadend', () => {
      running = undefined;
      timeline.end(ending === 'load' ? 'good' : 'bad');
      language.say(elementOf('outcome'), outcomeOf(xhr, ending));
    });
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

  /** @param {string} text */
  function showBody(text) {
    elementOf('body').textContent = bodyText(text);
  }

  /**
   * @param {number} at
   * @param {{ state: number, status: number, head: string, text: string }} seen at that moment
   */
  function note(at, { state, status, head, text }) {
    elementOf('head').textContent = head;
    showBody(text);
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
      make('td', String(text.length)),
    );
    if (isAgain) last?.replaceWith(row);
    else steps.append(row);
  }

  part.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button?.dataset.request) send(button.dataset.request);
    },
    { signal },
  );
  elementOf('abort').addEventListener('click', giveUp, { signal });
  onOpened(follow, signal);
  onTraffic((exchange) => {
    elementOf('request').textContent = requestText(exchange);
  }, signal);
  signal.addEventListener('abort', timeline.stop);
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
