// @ts-check
/*
 * What stands on the screen where a part could not be had.
 */
import { make } from '../lib/element.js';

const MISSING = { en: 'There is no such lesson.', zh: '没有这一课。' };
const UNREACHABLE = { en: 'The server does not answer.', zh: '服务器没有响应。' };
const NO_SCRIPT = {
  en: 'The script of this lesson could not be loaded.',
  zh: '这一课的脚本未能加载。',
};

/**
 * Why there is no part to show, and what can be done.
 * @param {number} status 0 when the server could not be reached
 * @param {() => void} again
 */
export function noPart(status, again) {
  if (status === 404) {
    const link = make('a', { en: 'To the first lesson', zh: '回到第一课' });
    link.setAttribute('href', '/');
    return [noticeOf(MISSING), link];
  }
  const refused = {
    en: `The server could not deliver this lesson (${status}).`,
    zh: `服务器未能给出这一课（${status}）。`,
  };
  return [noticeOf(status === 0 ? UNREACHABLE : refused), againButton(again)];
}

/** A browser may remember that a module could not be had, so only a new page tries again. */
export function noScript() {
  return [noticeOf(NO_SCRIPT), againButton(() => location.reload())];
}

/** @param {Message} text */
function noticeOf(text) {
  const notice = make('p', text);
  notice.className = 'notice';
  notice.setAttribute('role', 'alert');
  return notice;
}

/** @param {() => void} again */
function againButton(again) {
  const button = make('button', { en: 'Try again', zh: '再试一次' });
  button.setAttribute('type', 'button');
  button.onclick = again;
  return button;
}
