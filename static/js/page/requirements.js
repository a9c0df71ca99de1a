// @ts-check
/*
 * What a part needs, by its `data-needs`: the database, the lessons' own endpoints, cookies. A notice
 * at the lower edge of the window says what is missing; there, nothing moves when it comes and goes.
 */
import { ask } from '../lib/ask.js';
import { make } from '../lib/element.js';

const AGAIN_MS = 3000;
/** Longer than the server lets a request wait while the database is created. */
const TIMEOUT_MS = 30_000;
/** A response that is quicker needs no notice. While the database is created, `/readyz` waits. */
const SLOW_MS = 500;
const STARTING = {
  en: 'The database is starting. The first time it has to be created, which takes a few seconds; what you ask meanwhile is answered as soon as it is ready.',
  zh: '数据库正在启动。第一次启动需要先创建，要花几秒钟；这期间提出的请求，等它就绪后便会得到响应。',
};
const NO_DATABASE = {
  en: 'This lesson needs the database, which does not answer yet. The terminal in which the server runs says why. Once it answers, everything here works by itself.',
  zh: '这一课需要数据库，而它还没有响应；原因请看运行服务器的终端。数据库一有响应，这里会自动恢复。',
};
const NO_LAB = {
  en: 'The server runs with LAB=off, as it does in production by default: some addresses that this lesson asks for do not exist there, and answer 404.',
  zh: '服务器以 LAB=off 运行（生产环境默认如此）：这一课要请求的一些地址并不存在，只会得到 404。',
};
const NO_COOKIES = {
  en: 'This browser accepts no cookies from this site, so the server cannot recognise it: no session lasts longer than one request.',
  zh: '这个浏览器不接受本站的 Cookie，服务器无法再认出它：每个会话都只能维持一个请求。',
};

/** @typedef {(text: Message | '') => void} Say */

/** @type {Record<string, (say: Say, signal: AbortSignal) => void>} */
const REQUIREMENTS = {
  database: watchDatabase,
  async lab(say) {
    labIsOff ??= askForLab();
    if (await labIsOff) say(NO_LAB);
  },
  cookies(say) {
    if (!navigator.cookieEnabled) say(NO_COOKIES);
  },
};

/** Asked once for the whole page: only a restart of the server changes it. @type {Promise<boolean> | undefined} */
let labIsOff;

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function checkRequirements(part, signal) {
  for (const name of part.dataset.needs?.split(' ') ?? []) {
    const notice = make('p', '');
    notice.className = 'notice';
    document.querySelector('#notices')?.append(notice);
    signal.addEventListener('abort', () => notice.remove());
    REQUIREMENTS[name]?.((text) => language.say(notice, text), signal);
  }
}

/** Says so while there is no database or it is being created. @param {Say} say @param {AbortSignal} signal */
function watchDatabase(say, signal) {
  if (signal.aborted) return;
  const slow = setTimeout(() => say(STARTING), SLOW_MS);
  ask('GET', '/readyz', { signal, timeoutMs: TIMEOUT_MS, isFrame: true }, ({ status }) => {
    clearTimeout(slow);
    say(status === 200 ? '' : NO_DATABASE);
    if (status !== 200) setTimeout(() => watchDatabase(say, signal), AGAIN_MS);
  });
}

/** @returns {Promise<boolean>} false also when it is not known */
function askForLab() {
  return new Promise((resolve) => {
    ask('GET', '/lab/status/204', { isFrame: true }, ({ status }) => resolve(status === 404));
  });
}
