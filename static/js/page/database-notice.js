// @ts-check
/*
 * For parts that need the database: says so, kindly, while there is none or while it is being made,
 * and takes it back when it answers.
 */
import { ask } from '../lib/ask.js';
import { addNotice } from './notices.js';

const AGAIN_MS = 3000;
/** Longer than the server lets a request wait while the database is made. */
const TIMEOUT_MS = 30_000;
/** An answer that is quicker needs no word. While the database is being made, `/readyz` waits. */
const SLOW_MS = 500;
const MAKING = {
  en: 'The database is starting. The first time it has to be created, which takes a few seconds; what you ask meanwhile is answered as soon as it is ready.',
  zh: '数据库正在启动。第一次启动需要先创建，要花几秒钟；这期间提出的请求，等它就绪后便会得到响应。',
};
const NONE = {
  en: 'This lesson needs the database, which does not answer yet. The terminal in which the server runs says why. Once it answers, everything here works by itself.',
  zh: '这一课需要数据库，而它还没有响应；原因请看运行服务器的终端。数据库一有响应，这里会自动恢复。',
};

/**
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function watchDatabase(signal) {
  const say = addNotice(signal);

  function look() {
    if (signal.aborted) return;
    const slow = setTimeout(() => say(MAKING), SLOW_MS);
    ask('GET', '/readyz', { signal, timeoutMs: TIMEOUT_MS, isFrame: true }, ({ status }) => {
      clearTimeout(slow);
      say(status === 200 ? '' : NONE);
      if (status !== 200) setTimeout(look, AGAIN_MS);
    });
  }
  look();
}
