// @ts-check
/*
 * What the drawing knows of the server, by its responses alone: what its map of sessions holds, and,
 * with LAB on, which statements it has sent to the database (the header Server-Timing).
 */
import { jsonOf } from '../../lib/failure.js';

/** @typedef {import('../../lib/traffic.js').Exchange} Exchange */
/** @typedef {import('../../lib/traffic.js').Answer} Answer */
/** @typedef {Record<string, string>} Session */
/** @typedef {{ label: Message | string, bytes: Message | string }} Labelled */

const HEADER = /^server-timing: (.*)$/m;
const STATEMENT = /db;desc="([^"]*) -- ([^"]*)"/g;
const APART = {
  en: '(A prepared statement: the values for ? travel apart from it.)',
  zh: '（预处理语句：? 的值与语句分开传送。）',
};

export function createSessions() {
  /** This browser's; `null` for none, `undefined` while nothing is known. @type {Session | null | undefined} */
  let mine;
  /** The last one that was made for another browser. @type {Session | undefined} */
  let another;

  /**
   * @param {Exchange} exchange
   * @param {Answer} answer
   */
  function learn({ method, url, isAnother }, { status, body }) {
    const { pathname } = new URL(url, location.href);
    const key = decodeURIComponent(pathname.replace('/session/', ''));
    const isKey = pathname.startsWith('/session/');
    const answer = jsonOf(body);
    if (method === 'PUT' && isKey && (status === 200 || status === 201) && answer) {
      const entry = { [key]: String(answer.value) };
      // Another browser has brought no cookie, so each time it is given a new session.
      if (isAnother) another = entry;
      else mine = { ...mine, ...entry };
    } else if (method === 'DELETE' && isKey && status === 204 && mine) {
      const { [key]: _, ...others } = mine;
      mine = others;
    } else if (pathname === '/session' && status === 200 && answer && !isAnother) {
      const { exists, user, data } = answer;
      mine = exists ? { ...(user && { user: user.uname }), ...data } : null;
    } else if (pathname === '/login' && status === 200 && answer) {
      mine = { ...mine, user: answer.uname };
    } else if (pathname === '/logout' && status === 204) {
      mine = null;
    }
  }

  return {
    learn,
    get mine() {
      return mine;
    },
    get another() {
      return another;
    },
  };
}

/**
 * @param {Answer} answer
 * @returns {{ query: Labelled, result: Labelled } | undefined} nothing, when it names no statement
 */
export function queryOf({ head }) {
  const [, timing = ''] = HEADER.exec(head) ?? [];
  const statements = [...timing.matchAll(STATEMENT)];
  const [first] = statements;
  if (first === undefined) return undefined;
  const sql = statements.map(([, text = '']) => text).join('\n\n');
  const outcome = statements.map(([, , text = '']) => text).join('\n');
  return {
    query: {
      label: first[1] ?? '',
      bytes: { en: `${sql}\n\n${APART.en}`, zh: `${sql}\n\n${APART.zh}` },
    },
    result: { label: outcomeOf(first[2] ?? ''), bytes: outcome },
  };
}

/** @param {string} outcome @returns {Message} */
function outcomeOf(outcome) {
  const count = /^rows: (\d+)$/.exec(outcome)?.[1];
  if (count === undefined) return { en: outcome, zh: outcome };
  return { en: count === '1' ? '1 row' : `${count} rows`, zh: `${count} 行` };
}
