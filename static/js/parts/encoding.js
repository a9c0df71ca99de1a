// @ts-check
/*
 * One text on its way to the server and back onto the page: encoded and as it is, put in as text
 * and as HTML. Both bodies are really sent. What innerHTML would make of the text is described, not
 * done.
 */
import { sendAsItIs, sendEncoded } from '../lessons/encoding.js';
import { elementsOf, make, tell } from '../lib/element.js';
import { failureText, jsonOf } from '../lib/failure.js';
import { traced } from '../lib/observe-xhr.js';
import { onTraffic } from '../lib/traffic.js';
import { outlineOf } from './encoding/outline.js';

const TIMEOUT_MS = 5000;
const ESCAPES = /** @type {const} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' });

const ARRIVED = { en: 'The server has what was written.', zh: '服务器收到的正是所写的内容。' };
const SPOILT = { en: 'Something else has arrived.', zh: '到达的已经不是原来的内容。' };
const REFUSED = { en: 'The server refused it.', zh: '服务器拒绝了它。' };
const NO_ANSWER = { en: 'The server does not answer.', zh: '服务器没有响应。' };
const SAME = { en: 'The same: it holds no HTML.', zh: '没有区别：其中没有 HTML。' };
const OTHER = {
  en: 'Not what was written: the browser has read it as HTML.',
  zh: '不是所写的内容：浏览器把它当成了 HTML。',
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const input = elementOf('written', HTMLInputElement);
  /** @type {XMLHttpRequest[]} */
  let running = [];
  /** Which of the two is being sent. @type {'encoded' | 'plain'} */
  let sending = 'encoded';

  function send() {
    const before = running;
    running = [post('encoded', sendEncoded), post('plain', sendAsItIs)];
    for (const xhr of before) xhr.abort();
  }

  /**
   * @param {'encoded' | 'plain'} id
   * @param {typeof sendEncoded} way
   */
  function post(id, way) {
    const written = input.value;
    sending = id;
    elementOf(`${id}-fields`).replaceChildren();
    say(`${id}-verdict`, '', '');
    /** @type {XMLHttpRequest} */
    const xhr = way(
      written,
      traced((/** @type {number} */ status, /** @type {string} */ text) => {
        if (running.includes(xhr)) show(id, written, { status, responseText: text });
      }),
    );
    xhr.timeout = TIMEOUT_MS;
    return xhr;
  }

  /**
   * @param {'encoded' | 'plain'} id
   * @param {string} written what should have arrived
   * @param {{ status: number, responseText: string }} over
   */
  function show(id, written, over) {
    if (over.status === 0) return say(`${id}-verdict`, NO_ANSWER, 'bad');
    const answer = jsonOf(over.responseText);
    if (answer === undefined) return say(`${id}-verdict`, failureText(over), 'bad');
    if (over.status !== 200) {
      elementOf(`${id}-fields`).replaceChildren(make('li', `${over.status} ${answer.detail}`));
      return say(`${id}-verdict`, REFUSED, 'bad');
    }
    const fields = Object.entries(answer);
    elementOf(`${id}-fields`).replaceChildren(
      ...fields.map(([name, value]) => make('li', `${name} = ${JSON.stringify(value)}`)),
    );
    const hasArrived = fields.length === 1 && answer.text === written;
    say(`${id}-verdict`, hasArrived ? ARRIVED : SPOILT, hasArrived ? 'good' : 'bad');
    if (id === 'encoded') showInPage(answer.text);
  }

  /** @param {string} text what the server has given back */
  function showInPage(text) {
    elementOf('as-text').textContent = text;
    elementOf('escaped').textContent = text.replace(/[&<>"]/g, escaped);
    const outline = outlineOf(text);
    elementOf('as-html').replaceChildren(...outline.map(outlineLine));
    const isSame = text === '' || outline.map((line) => line.text).join() === JSON.stringify(text);
    say('html-verdict', isSame ? SAME : OTHER, isSame ? '' : 'bad');
  }

  /** @param {string} id @param {Message | ''} text @param {'good' | 'bad' | ''} verdict */
  const say = (id, text, verdict) => tell(elementOf(id), text, verdict);

  part.addEventListener(
    'click',
    ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button?.dataset.text === undefined) return;
      input.value = button.dataset.text;
      send();
    },
    { signal },
  );
  elementOf('write').addEventListener('submit', send, { signal });
  onTraffic(({ body }) => {
    elementOf(`${sending}-body`).textContent = body;
  }, signal);
}

/** @param {string} sign */
function escaped(sign) {
  return ESCAPES[/** @type {keyof typeof ESCAPES} */ (sign)]; // the pattern finds no other
}

/** @param {import('./encoding/outline.js').Line} line */
function outlineLine({ depth, text, runs }) {
  const item = document.createElement('li');
  item.style.paddingLeft = `${depth}em`;
  item.append(make('code', text));
  if (runs) item.append(' ', make('strong', { en: 'could run', zh: '可能被执行' }));
  return item;
}
