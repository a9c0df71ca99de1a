// @ts-check
/*
 * What the server has asked the database for a request, as the server itself says it, in the header
 * Server-Timing: only with LAB on. Nothing is shown that it does not say.
 */

/** @typedef {{ label: Message | string, bytes: Message | string }} Word */
/** @typedef {{ question: Word, row: Word }} Errand */

const HEADER = /^server-timing: (.*)$/m;
const STATEMENT = /db;desc="([^"]*) -- ([^"]*)"/g;
const APART = {
  en: '(A prepared statement: the values for ? travel apart from it.)',
  zh: '（预处理语句：? 的值与语句分开传送。）',
};

/**
 * @param {import('../../lib/traffic.js').Answer} answer
 * @returns {Errand | undefined} nothing, when the server says of no statement
 */
export function errandOf({ head }) {
  const [, timing = ''] = HEADER.exec(head) ?? [];
  const statements = [...timing.matchAll(STATEMENT)];
  const [first] = statements;
  if (first === undefined) return undefined;
  const sql = statements.map(([, text = '']) => text).join('\n\n');
  const outcome = statements.map(([, , text = '']) => text).join('\n');
  return {
    question: {
      label: first[1] ?? '',
      bytes: { en: `${sql}\n\n${APART.en}`, zh: `${sql}\n\n${APART.zh}` },
    },
    row: { label: outcomeOf(first[2] ?? ''), bytes: outcome },
  };
}

/** @param {string} outcome @returns {Message} */
function outcomeOf(outcome) {
  const count = /^rows: (\d+)$/.exec(outcome)?.[1];
  if (count === undefined) return { en: outcome, zh: outcome };
  return { en: count === '1' ? '1 row' : `${count} rows`, zh: `${count} 行` };
}
