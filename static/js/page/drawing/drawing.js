// @ts-check
/*
 * The drawing: browser, server with its map of sessions, database, and the message that is really
 * under way. It is one for all the parts, and goes along from one to the next. It draws slower than
 * it was, and says how long it took.
 */
import { requestText } from '../../lib/raw.js';
import { inMs } from '../../lib/time.js';
import { onTraffic } from '../../lib/traffic.js';
import { addMessage } from './message.js';
import { createSessions, queryOf } from './server.js';

/** @typedef {import('../../lib/traffic.js').Exchange} Exchange */
/** @typedef {import('../../lib/traffic.js').Answer} Answer */

const LEG_MS = 450;
const SLOW_LEG_MS = 1800;
/** Where a lane's two ends are, for the middle of a card. */
const NET = { top: 62, bottom: 104 };
const SQL = { top: 218, bottom: 250 };

const IDLE = {
  en: 'Nothing is under way yet. Do something in the lesson, and watch what goes where.',
  zh: '还没有消息在路上。在这一课里动手试一试，看看消息去了哪里。',
};
const CLICK = { en: 'Click a message to read its bytes.', zh: '点一下消息，查看其中的字节。' };
const UNKNOWN = { en: 'sessions: not asked yet', zh: '会话：还没有问过' };
const NONE = { en: 'no session of this browser', zh: '没有本浏览器的会话' };
const UNSEEN_COOKIE = {
  en: '(The browser adds its cookie; no script can see that.)',
  zh: '（浏览器会自动加上 Cookie，脚本看不到。）',
};

/** @param {HTMLElement} figure */
export function createDrawing(figure) {
  /** @template {Element} T @param {string} selector @returns {T} */
  const find = (selector) => /** @type {T} */ (figure.querySelector(selector)); // as in index.html
  const layer = find('.chips');
  const caption = find('figcaption');
  const bytes = find('.bytes');
  const sessions = createSessions();
  let newest = 0;
  /** @type {(lines: Set<string>) => void} */
  let light = () => {};

  /** @param {Exchange} exchange */
  async function draw(exchange) {
    // What the server holds is known by the answers, in their order, however far the drawing is.
    const over = exchange.over.then((answer) => {
      sessions.learn(exchange, answer);
      return answer;
    });
    if (exchange.isAside) return over.then(showSessions);
    newest += 1;
    const mine = newest;
    layer.replaceChildren();
    language.say(bytes, CLICK);
    const { method, url } = exchange;
    const isPair = figure.dataset.browsers === '2';
    const x = isPair ? (exchange.isAnother ? 273 : 87) : 180;
    const net = { x, width: isPair ? 172 : 250 };
    const sql = { x: 180, width: 250 };
    const down = { from: NET.top, to: NET.bottom };
    const up = { from: NET.bottom, to: NET.top };

    light(exchange.lines.sent);
    const sent = bytesOf(exchange, Boolean(sessions.mine) && !exchange.isAnother);
    language.say(caption, { en: `${method} ${url} goes out.`, zh: `${method} ${url} 发出了。` });
    await drawMessage({ ...net, ...down }, `${method} ${url}`, 'request', sent);
    const answer = await over;
    if (mine !== newest) return showSessions();
    const asked = queryOf(answer);
    if (asked) {
      const { query, result } = asked;
      await drawMessage(
        { ...sql, from: SQL.top, to: SQL.bottom },
        query.label,
        'query',
        query.bytes,
      );
      if (mine !== newest) return;
      await drawMessage(
        { ...sql, from: SQL.bottom, to: SQL.top },
        result.label,
        'row',
        result.bytes,
      );
      if (mine !== newest) return;
    }
    showSessions();
    const isGood = answer.status >= 200 && answer.status < 400;
    light(exchange.lines.answered);
    language.say(caption, summary(exchange, answer));
    if (answer.status === 0) return;
    const { status, head, body } = answer;
    await drawMessage(
      { ...net, ...up },
      `${status} ${body}`,
      isGood ? 'good' : 'bad',
      `${head}\n\n${body}`,
    );
  }

  /**
   * @param {import('./message.js').Lane} lane
   * @param {Message | string} label
   * @param {string} className
   * @param {Message | string} text its bytes
   */
  function drawMessage(lane, label, className, text) {
    const isSlow = /** @type {HTMLInputElement} */ (find('.slow')).checked;
    const { from, to } = lane;
    const mark = `${layer.children.length + 1} ${to > from ? '↓' : '↑'} `;
    const { chip, travel } = addMessage(layer, lane, marked(mark, label), className, () => {
      for (const other of layer.children) other.setAttribute('aria-pressed', 'false');
      chip.setAttribute('aria-pressed', 'true');
      language.say(bytes, typeof text === 'string' ? { en: text, zh: text } : text);
    });
    return travel(isSlow ? SLOW_LEG_MS : LEG_MS);
  }

  function showSessions() {
    const { mine, another } = sessions;
    language.say(find('.own'), mine === undefined ? UNKNOWN : (mine && sessionText(mine)) || NONE);
    language.say(find('.others'), another ? sessionText(another) : '');
  }

  onTraffic(draw);
  showSessions();

  return {
    /**
     * Goes into a part, if the part has a place for it, and forgets what was drawn.
     * @param {HTMLElement} part
     * @param {(lines: Set<string>) => void} lightUp called when a message leaves and when it comes back
     */
    enter(part, lightUp) {
      newest += 1;
      light = lightUp;
      layer.replaceChildren();
      language.say(caption, IDLE);
      language.say(bytes, CLICK);
      const place = part.querySelector('.beside');
      const browsers = place?.getAttribute('data-browsers');
      figure.dataset.browsers = browsers ?? '1';
      if (browsers === '0') figure.remove();
      else place?.prepend(figure);
    },
  };
}

/** @param {string} mark @param {Message | string} label @returns {Message | string} */
function marked(mark, label) {
  if (typeof label === 'string') return mark + label;
  return { en: mark + label.en, zh: mark + label.zh };
}

/** @param {Record<string, string>} space @returns {Message} */
function sessionText(space) {
  const text = JSON.stringify(space);
  const line = `sid → ${text.length <= 32 ? text : `${text.slice(0, 31)}…`}`;
  return { en: line, zh: line };
}

/**
 * The bytes of a request, as far as the page knows them.
 * @param {Exchange} exchange
 * @param {boolean} hasCookie
 */
function bytesOf(exchange, hasCookie) {
  const text = requestText(exchange);
  if (!hasCookie) return text;
  return { en: `${text}\n${UNSEEN_COOKIE.en}`, zh: `${text}\n${UNSEEN_COOKIE.zh}` };
}

/** @param {Exchange} exchange @param {Answer} answer @returns {Message} */
function summary({ method, url }, { status, ms }) {
  const took = inMs(ms);
  if (status === 0) {
    return {
      en: `${method} ${url}: no answer after ${took} ms.`,
      zh: `${method} ${url}：${took} 毫秒后仍没有响应。`,
    };
  }
  return {
    en: `${method} ${url}: ${status}, in fact after ${took} ms; the drawing is slower.`,
    zh: `${method} ${url}：${status}，实际用时 ${took} 毫秒；图中放慢了。`,
  };
}
