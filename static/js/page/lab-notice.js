// @ts-check
/*
 * For parts that need the lessons' own endpoints: says so when the server has them switched off.
 * Asked once for the whole page, since only a restart of the server changes it.
 */
import { ask } from '../lib/ask.js';
import { addNotice } from './notices.js';

const NOTICE = {
  en: 'The server runs with LAB=off, as it does in production by default: some addresses that this lesson asks for do not exist there, and answer 404.',
  zh: '服务器以 LAB=off 运行（生产环境默认如此）：这一课要请求的一些地址并不存在，只会得到 404。',
};

/** @type {Promise<boolean> | undefined} */
let answer;

/**
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export async function noticeLab(signal) {
  answer ??= isOff();
  if (!(await answer) || signal.aborted) return;
  addNotice(signal)(NOTICE);
}

/** @returns {Promise<boolean>} false also when it is not known */
function isOff() {
  return new Promise((resolve) => {
    ask('GET', '/lab/status/204', { isFrame: true }, ({ status }) => resolve(status === 404));
  });
}
