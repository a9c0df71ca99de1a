// @ts-check
/*
 * What goes over the wire while a part is on the screen, a line each: the request, and the answer
 * when it has come.
 */
import { whenReleased } from './press.js';
import { onTraffic } from './traffic.js';

const MOST = 12;

/**
 * @param {HTMLElement} list an `ol`
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function listTraffic(list, signal) {
  onTraffic(({ xhr, method, url, body }) => {
    const item = document.createElement('li');
    const request = document.createElement('code');
    request.textContent = `${method} ${url} ${body}`.trim();
    const answer = document.createElement('span');
    answer.textContent = '…';
    item.append(request, ' ', answer);
    list.prepend(item);
    while (list.children.length > MOST) list.lastElementChild?.remove();
    const begin = performance.now();
    xhr.addEventListener('loadend', () => {
      const ms = Math.round(performance.now() - begin);
      whenReleased(() => answered(ms));
    });

    /** @param {number} ms */
    function answered(ms) {
      item.dataset.status = String(xhr.status);
      if (xhr.status === 0) {
        language.say(answer, { en: `no answer (${ms} ms)`, zh: `没有响应（${ms} 毫秒）` });
      } else {
        answer.textContent = `${xhr.status} (${ms} ms) ${xhr.responseText}`;
      }
    }
  }, signal);
}
