// @ts-check
/*
 * For parts that need the database: says so, kindly, while there is none, and takes it back when
 * there is.
 */
import { ask } from '../lib/ask.js';

const AGAIN_MS = 3000;
const NOTICE = {
  en: 'This part needs the database, and it does not answer yet. The terminal in which the server runs says why. Everything here comes alive by itself when it does.',
  zh: '这一部分需要数据库，而它还没有响应；原因请看运行服务器的终端。数据库一有响应，这里会自动恢复。',
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function watchDatabase(part, signal) {
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.setAttribute('role', 'status');
  part.querySelector('h1')?.after(notice);

  function look() {
    if (signal.aborted) return;
    ask('GET', '/readyz', { signal, isFrame: true }, ({ status }) => {
      if (status === 200) return language.say(notice, '');
      if (notice.textContent === '') language.say(notice, NOTICE);
      setTimeout(look, AGAIN_MS);
    });
  }
  look();
}
