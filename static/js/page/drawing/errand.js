// @ts-check
/*
 * What the server has asked the database for a request. The browser does not see that: it is told
 * from the answer, and the statements are those of `lib/db/`, with their values put in to be read.
 */
import { jsonOf } from '../../lib/failure.js';
import { folded } from '../../lib/rules.js';

/** @typedef {{ label: Message | string, bytes: string }} Word */
/** @typedef {{ question: Word, row: Word | undefined }} Errand `row`: none when nothing came back */

/** @type {Record<string, (fields: URLSearchParams) => string>} */
const STATEMENTS = {
  '/check-uname': (fields) => `SELECT uname FROM users\n WHERE uname IN (${nameIn(fields)})`,
  '/login': (fields) =>
    `SELECT id, uname, upwd, nickname FROM users\n WHERE uname = ${nameIn(fields)}`,
  '/register': (fields) =>
    `INSERT INTO users (uname, upwd, nickname)\n VALUES (${nameIn(fields)}, 'scrypt:…', ${quoted(fields.get('nickname'))})`,
  '/suggest': suggestion,
  '/lab/suggest': suggestion,
};

/**
 * @param {import('../../lib/traffic.js').Exchange} exchange
 * @param {import('../../lib/traffic.js').Answer} answer
 * @returns {Errand | undefined} nothing, when the database was not needed
 */
export function errandOf({ url, body }, { status, body: text }) {
  const { pathname, searchParams } = new URL(url, location.href);
  const statement = STATEMENTS[pathname]?.(body ? new URLSearchParams(body) : searchParams);
  if (statement === undefined || ![200, 201, 401, 409, 503].includes(status)) return undefined;
  const question = { label: statement.split('\n')[0] ?? '', bytes: statement };
  const answer = jsonOf(text);
  if (answer === undefined) return undefined;
  if (status !== 503) return { question, row: rowOf(status, answer) };
  return answer.code === 'database_unavailable' ? { question, row: undefined } : undefined;
}

/**
 * @param {number} status
 * @param {{ exists?: boolean, uname?: string, terms?: { term: string }[], id?: number }} answer
 * @returns {Word}
 */
function rowOf(status, { exists, uname, terms, id }) {
  if (status === 409)
    return { label: '1062', bytes: "ERROR 1062 (23000): Duplicate entry for key 'users_uname'" };
  if (status === 401) return { label: '?', bytes: '' };
  if (id !== undefined) return { label: `id ${id}`, bytes: `insertId: ${id}` };
  const found = terms ? terms.map(({ term }) => term) : exists === false ? [] : [uname];
  const { length } = found;
  const en = length === 1 ? '1 row' : `${length} rows`;
  return { label: { en, zh: `${length} 行` }, bytes: found.join('\n') };
}

/** @param {URLSearchParams} fields */
function suggestion(fields) {
  const pattern = `${(fields.get('q') ?? '').toLowerCase()}%`;
  const lang = fields.get('lang') === 'zh' ? 'zh' : 'en';
  return `SELECT term, text_${lang} FROM terms\n WHERE LOWER(term) LIKE ${quoted(pattern)} LIMIT 8`;
}

/** @param {URLSearchParams} fields */
function nameIn(fields) {
  return quoted(folded(fields.get('uname') ?? ''));
}

/** @param {string | null} text */
function quoted(text) {
  return `'${(text ?? '').replaceAll("'", "''")}'`;
}
