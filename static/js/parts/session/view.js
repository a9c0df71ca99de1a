// @ts-check
/*
 * Shows the two ends of a session: what the browser holds, and what the server holds for it. The
 * countdown runs by the browser's own clock: asking would keep the session alive.
 */
import { elementsOf, make } from '../../lib/element.js';
import { momentOf } from '../../lib/time.js';

/**
 * What `GET /session` answers.
 * @typedef {object} SessionState
 * @property {boolean} exists
 * @property {{ uname: string, nickname: string } | null} user
 * @property {Record<string, string>} data
 * @property {string} createdAt the times are ISO 8601, and absent when there is no session
 * @property {string} idleExpiresAt
 * @property {string} expiresAt
 */

const HOLDS_COOKIE = {
  en: 'One cookie, sid (after a login user-sid): a random number and its signature. Nothing else.',
  zh: '一个名为 sid（登录后为 user-sid）的 Cookie：一个随机数加上它的签名，别无其他。',
};
const HOLDS_NOTHING = {
  en: 'No session cookie: nothing is kept for this browser.',
  zh: '没有会话 Cookie：没有为这个浏览器保存任何内容。',
};
const NO_SPACE = {
  en: 'Nothing. A session begins with the first value, not with the first visit.',
  zh: '什么也没有。会话从第一次保存内容时开始，而不是第一次访问时。',
};
/** Where sessions live. @type {Record<string, Message>} */
const STORES = {
  memory: {
    en: 'Sessions live in the memory of this one server process: a restart ends them.',
    zh: '会话存在这一个服务器进程的内存里：重启就没有了。',
  },
  database: {
    en: 'Sessions live in the database: they outlive a restart, and every process that uses it knows them.',
    zh: '会话存在数据库里：重启后仍在，使用同一数据库的每个进程都认得。',
  },
};
const A_SPACE = {
  en: 'A space of its own; nobody is logged in.',
  zh: '一片独立的空间；尚未登录。',
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal ends the countdown
 */
export function createView(part, signal) {
  const elementOf = elementsOf(part);
  /** When the session ends unless a request comes, by this browser's clock, in ms. */
  let endsAt = 0;

  function tick() {
    const seconds = Math.max(0, Math.floor((endsAt - Date.now()) / 1000));
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const over = {
      en: '0:00, over, unless another tab has asked. Look again!',
      zh: '0:00，已经结束，除非别的标签页问过服务器。请再看一次！',
    };
    const isOver = Date.now() >= endsAt;
    language.say(elementOf('countdown'), isOver ? over : { en: clock, zh: clock });
  }

  const timer = setInterval(tick, 1000);
  signal.addEventListener('abort', () => clearInterval(timer));

  return {
    /**
     * @param {SessionState} session
     * @param {number} serverNow the server's time when it answered, in ms
     * @param {string} store where the server keeps sessions
     */
    show({ exists, user, data, createdAt, idleExpiresAt, expiresAt }, serverNow, store) {
      language.say(elementOf('store'), STORES[store] ?? '');
      language.say(elementOf('browser-holds'), exists ? HOLDS_COOKIE : HOLDS_NOTHING);
      elementOf('document-cookie').textContent = JSON.stringify(document.cookie);
      const { nickname, uname } = user ?? {};
      const yours = {
        en: `A space of its own, for ${nickname} (${uname}).`,
        zh: `一片独立的空间，属于 ${nickname}（${uname}）。`,
      };
      const space = user ? yours : A_SPACE;
      language.say(elementOf('server-holds'), exists ? space : NO_SPACE);
      elementOf('held').hidden = !exists;
      if (!exists) return;
      const rows = Object.entries(data).map(([key, value]) => rowOf(key, value));
      elementOf('data').hidden = rows.length === 0;
      part.querySelector('#data tbody')?.replaceChildren(...rows);
      language.say(elementOf('created'), momentOf(createdAt));
      language.say(elementOf('expires'), momentOf(expiresAt));
      endsAt = Date.now() + Date.parse(idleExpiresAt) - serverNow;
      tick();
    },
  };
}

/**
 * @param {string} key
 * @param {string} value
 */
function rowOf(key, value) {
  const row = document.createElement('tr');
  row.append(make('td', key), make('td', value));
  return row;
}
