// @ts-check
/*
 * For parts that need the database: says so, kindly, while there is none, and takes it back when
 * there is.
 */

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

  function ask() {
    if (signal.aborted) return;
    const xhr = createXhr();
    xhr.open('get', '/readyz', true);
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== 4 || signal.aborted || xhr.status === 200) {
        if (xhr.readyState === 4) language.say(notice, '');
        return;
      }
      if (notice.textContent === '') language.say(notice, NOTICE);
      setTimeout(ask, AGAIN_MS);
    };
    xhr.send(null);
  }
  ask();
}
