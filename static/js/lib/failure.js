// @ts-check
/*
 * What it means to people when a request does not come to a good end.
 */

/** @typedef {{ status: number, responseText: string, getResponseHeader?(name: string): string | null }} Over a request that is over */

const WRONG = { en: 'The name or the password is wrong.', zh: '用户名或密码不正确。' };
const FAILED = {
  en: 'The server failed: its answer is not JSON.',
  zh: '服务器出错：响应不是 JSON。',
};
const LOGGED_OUT = { en: 'You are no longer logged in.', zh: '你的登录已失效。' };

/**
 * The JSON object or array that was promised; `undefined` when a proxy or a login page has answered
 * something else.
 * @param {string} text
 */
export function jsonOf(text) {
  try {
    const json = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The JSON of a request that succeeded; `undefined` means that it failed, and `failureText` says how.
 * @param {Over} xhr
 */
export function resultOf(xhr) {
  return xhr.status === 200 || xhr.status === 201 ? jsonOf(xhr.responseText) : undefined;
}

/**
 * Whether the server does not know this browser's user, or knows them no longer.
 * @param {Over} xhr
 */
export function isLoginRequired(xhr) {
  return xhr.status === 401 && jsonOf(xhr.responseText)?.code === 'login_required';
}

/**
 * @param {Over} xhr
 * @returns {Message}
 */
export function failureText(xhr) {
  switch (xhr.status) {
    case 0:
      return {
        en: 'The server does not answer. It may have acted all the same; try again.',
        zh: '服务器没有响应，但也可能已经处理了请求。请再试一次。',
      };
    case 200:
    case 201:
      return FAILED;
    case 401:
      if (jsonOf(xhr.responseText) === undefined) return FAILED;
      return isLoginRequired(xhr) ? LOGGED_OUT : WRONG;
    case 409:
      return { en: 'This name is taken.', zh: '这个用户名已被占用。' };
    case 429: {
      const seconds = xhr.getResponseHeader?.('Retry-After') ?? '?';
      return {
        en: `Too many tries. Wait ${seconds} s.`,
        zh: `尝试次数过多，请等待 ${seconds} 秒。`,
      };
    }
    case 503:
      return {
        en: 'The server is busy, or has no database. Try again soon.',
        zh: '服务器繁忙，或没有数据库。请稍后再试。',
      };
    default:
      return {
        en: `The server refused (${xhr.status}).`,
        zh: `服务器拒绝了请求（${xhr.status}）。`,
      };
  }
}
