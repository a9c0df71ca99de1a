/** The glossary of this project's subject, which search suggestion looks into. */
import type { Database } from './queries.ts';

/** The languages in which terms are explained. */
export const LANGUAGES = ['en', 'zh'] as const;

/** A term, and what it means in one of the languages. */
export type Term = Readonly<Record<'term' | 'text', string>>;

export type Terms = ReturnType<typeof createTerms>;

export function createTerms(database: Database) {
  return {
    /** The terms that begin with the text, regardless of case, in alphabetical order; at most 8. */
    async beginningWith(
      prefix: string,
      language: (typeof LANGUAGES)[number],
    ): Promise<readonly Term[]> {
      const pattern = `${literally(prefix.toLowerCase())}%`;
      // Under a hundred rows: a large table would have an index on the lower case.
      const sql = `SELECT term, text_${language} AS text FROM terms
        WHERE LOWER(term) LIKE ? ESCAPE '!' ORDER BY LOWER(term) LIMIT 8`;
      const rows = await database.select(sql, [pattern]);
      return rows.map(({ term, text }) => ({ term: String(term), text: String(text) }));
    },
  };
}

/** In a LIKE pattern `%` and `_` stand for anything; behind the escape sign for themselves. */
const literally = (text: string) => text.replace(/[!%_]/g, '!$&');
