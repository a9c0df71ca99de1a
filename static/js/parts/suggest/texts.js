// @ts-check
/*
 * What search suggestion says, in both languages.
 */

export const ASKING = { en: 'Asking…', zh: '正在查询……' };
/** What became of an answer. */
export const SHOWN = { en: 'shown', zh: '已显示' };
export const GIVEN_UP = { en: 'given up (abort)', zh: '已放弃（中止）' };
export const DROPPED = { en: 'too late, dropped (stale guard)', zh: '来晚了，丢弃（过时检查）' };

/** @param {string} text @returns {Message} */
export function shownStale(text) {
  return { en: `too late, and shown: “${text}”`, zh: `来晚了，却显示了：“${text}”` };
}

/**
 * @param {string} asked
 * @param {string} typed
 * @returns {Message}
 */
export function wrong(asked, typed) {
  return {
    en: `Wrong: these begin with “${asked}”, but the box says “${typed}”.`,
    zh: `错了：这些是“${asked}”的结果，而输入框里是“${typed}”。`,
  };
}

/**
 * @param {number} count at most 8 are ever found
 * @param {string} text
 * @returns {Message}
 */
export function found(count, text) {
  if (count === 0) {
    return { en: `No term begins with “${text}”.`, zh: `没有以“${text}”开头的术语。` };
  }
  const terms = count === 1 ? '1 term begins' : `${count} terms begin`;
  const atLeast = count === 8 ? { en: 'At least ', zh: '至少 ' } : { en: '', zh: '' };
  return {
    en: `${atLeast.en}${terms} with “${text}”.`,
    zh: `${atLeast.zh}${count} 个以“${text}”开头的术语。`,
  };
}
