// @ts-check
/*
 * What the form says, in both languages.
 */

/** @typedef {keyof typeof TEXTS} Verdict */

export const TEXTS = {
  checking: { en: 'Checking…', zh: '正在检查……' },
  free: { en: 'This name is free.', zh: '这个用户名可以使用。' },
  taken: { en: 'This name is taken. Choose another.', zh: '这个用户名已被占用，请换一个。' },
  empty: { en: 'Enter a user name.', zh: '请填写用户名。' },
  notAllowed: {
    en: 'Use 3–20 letters, digits, _ or -, and no spaces.',
    zh: '请使用 3–20 个字母（含汉字）、数字、_ 或 -，不能有空格。',
  },
  tooMany: {
    en: 'Could not check: too many checks. Wait a moment; you can go on filling in.',
    zh: '未能检查：检查次数过多。请稍候，你可以继续填写。',
  },
  noDatabase: {
    en: 'Could not check: the database does not answer. You can go on filling in.',
    zh: '未能检查：数据库没有响应。你可以继续填写。',
  },
  unreachable: {
    en: 'Could not check: the server does not answer. You can go on filling in.',
    zh: '未能检查：服务器没有响应。你可以继续填写。',
  },
  failed: {
    en: 'Could not check: the server failed. You can go on filling in.',
    zh: '未能检查：服务器出错了。你可以继续填写。',
  },
  upwd: { en: 'Use 8–128 characters.', zh: '请使用 8–128 个字符。' },
  nickname: { en: 'Use 1–32 characters.', zh: '请使用 1–32 个字符。' },
};
