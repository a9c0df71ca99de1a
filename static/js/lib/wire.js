// @ts-check
/*
 * What goes over the wire while a part is on the screen, a line each: the request, and the answer
 * when it has come.
 */
import { make } from './element.js';
import { onTraffic } from './traffic.js';

const MOST = 12;

/**
 * @param {HTMLElement} list an `ol`
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function listTraffic(list, signal) {
  onTraffic(async ({ method, url, body, over }) => {
    const item = document.createElement('li');
    const answer = make('span', '…');
    item.append(make('code', `${method} ${url} ${body}`.trim()), ' ', answer);
    list.prepend(item);
    while (list.children.length > MOST) list.lastElementChild?.remove();
    const { status, ms, body: text } = await over;
    const whole = Math.round(ms);
    item.dataset.status = String(status);
    if (status !== 0) answer.textContent = `${status} (${whole} ms) ${text}`;
    else language.say(answer, { en: `no answer (${whole} ms)`, zh: `没有响应（${whole} 毫秒）` });
  }, signal);
}
