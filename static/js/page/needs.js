// @ts-check
/*
 * What a part needs, by its `data-needs`: says so where it is missing.
 */
import { watchDatabase } from './database-notice.js';
import { noticeLab } from './lab-notice.js';
import { addNotice } from './notices.js';

const NO_COOKIES = {
  en: 'This browser accepts no cookies from this site, so the server cannot recognise it: no session lasts longer than one request.',
  zh: '这个浏览器不接受本站的 Cookie，服务器无法再认出它：每个会话都只能维持一个请求。',
};

/** @type {Record<string, (signal: AbortSignal) => void>} */
const NEEDS = {
  database: watchDatabase,
  lab: noticeLab,
  cookies(signal) {
    if (!navigator.cookieEnabled) addNotice(signal)(NO_COOKIES);
  },
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function noticeNeeds(part, signal) {
  for (const need of part.dataset.needs?.split(' ') ?? []) NEEDS[need]?.(signal);
}
