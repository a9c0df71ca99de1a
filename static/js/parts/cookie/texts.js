// @ts-check
/*
 * What the lesson on cookie against session says about what has just happened, in both languages.
 */

/** @typedef {{ cookieSays: string | null, sessionSays: string | null, sessionCookies: number, known: boolean, isUser: boolean }} Level */

export const NO_LEVEL = { en: 'none', zh: '无' };
export const KEPT = { en: 'Kept. Now tamper with it.', zh: '已保存。现在来篡改吧。' };
export const GONE = { en: 'Both are gone.', zh: '两份都已删除。' };
export const STRANGER = {
  en: 'A changed cookie opens nothing: you are a stranger now, without any level. The server leaves the cookie alone: it never signed it.',
  zh: '改过的 Cookie 什么也打不开：你现在是陌生人，没有任何级别。这个 Cookie 不是服务器签发的，所以服务器也不去动它。',
};
export const NO_COOKIE = {
  en: 'You sent no session cookie: a stranger.',
  zh: '你没有发送会话 Cookie：陌生人。',
};
export const WHERE_SESSION = {
  en: 'On the server. The browser holds a number, and does not show even that to the script.',
  zh: '在服务器上。浏览器只拿着一个号码，而且连这个号码也不给脚本看。',
};

/** @param {string} cookies what `document.cookie` says @returns {Message} */
export function whereCookie(cookies) {
  const seen = JSON.stringify(cookies);
  return {
    en: `In the browser: the script reads ${seen}.`,
    zh: `在浏览器里：脚本读到 ${seen}。`,
  };
}

/** @param {Message} until @returns {Message} */
export function longCookie(until) {
  return {
    en: `Until ${until.en} at most, because the script said so (Max-Age); the server was not asked.`,
    zh: `最长到 ${until.zh}，因为脚本这样设置了（Max-Age）；没有经过服务器。`,
  };
}

/** @param {Message} until @returns {Message} */
export function longSession(until) {
  return {
    en: `Until ${until.en} if it is not used again. The server decides, and can end it at any time.`,
    zh: `若不再使用，到 ${until.zh} 为止。由服务器决定，也可随时结束。`,
  };
}

/** @param {Level} level @returns {Message} */
export function safeCookie({ cookieSays }) {
  return {
    en: `One line of script wrote admin into it, and the server believed: ${cookieSays}.`,
    zh: `一行脚本写入了 admin，服务器就相信了：${cookieSays}。`,
  };
}

/** @param {Level} level @returns {Message} */
export function knownAs({ sessionSays }) {
  return {
    en: `The server knows you. Your level in the session: ${sessionSays ?? 'none yet'}.`,
    zh: `服务器认识你。会话中的级别：${sessionSays ?? '尚无'}。`,
  };
}

/**
 * @param {Level} level what the server said while the forged cookie was there
 * @param {string} name of the session's cookie
 * @returns {Message}
 */
export function safeSession({ sessionSays, sessionCookies, known }, name) {
  const overwriting = known
    ? { en: 'The browser did not let the script overwrite it.', zh: '浏览器不让脚本覆盖它。' }
    : { en: 'There was none to overwrite.', zh: '没有可覆盖的 Cookie。' };
  const both = {
    en: `A forged one beside it did go along (${sessionCookies} cookies named ${name}), but its signature is not the server’s, and it was passed over.`,
    zh: `旁边伪造的那个确实送到了（共 ${sessionCookies} 个 ${name}），但签名不是服务器的，被跳过了。`,
  };
  const one = {
    en: 'Nor did the browser send a forged one beside it.',
    zh: '浏览器也没有发送旁边伪造的那个。',
  };
  const planting = sessionCookies > 1 ? both : one;
  return {
    en: `${overwriting.en} ${planting.en} The server still says: ${sessionSays}.`,
    zh: `${overwriting.zh}${planting.zh}服务器仍然认定：${sessionSays}。`,
  };
}
