/**
 * Search suggestion: the glossary's terms that begin with what has been typed so far. The same
 * answer can be had late, for the lesson in which answers overtake each other.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LANGUAGES, type Language, type Terms } from '../db/terms.ts';
import { HttpError } from '../http/error.ts';
import { json } from '../http/reply.ts';
import type { Handler } from './route.ts';

const MAX_CHARACTERS = 64;
const MAX_LATE_MS = 5000;

/**
 * `GET /suggest?q=P&lang=en|zh`: at most 8 terms; none for an empty P, and English if no language
 * is named.
 */
export function suggest(terms: Terms): Handler {
  return async ({ query }) => {
    const { q = '', lang = 'en' } = query;
    if ([...q].length > MAX_CHARACTERS) {
      throw new HttpError(400, 'invalid_q', `q has at most ${MAX_CHARACTERS} characters`);
    }
    if (!isLanguage(lang)) {
      throw new HttpError(400, 'invalid_lang', `lang is one of ${LANGUAGES.join(', ')}`);
    }
    return json(200, { terms: q === '' ? [] : await terms.beginningWith(q, lang) });
  };
}

/**
 * `GET /lab/suggest?q=P&lang=…&ms=M`: the handler's answer, M ms later.
 * @throws HttpError 400 `out_of_range`
 */
export function late(handler: Handler): Handler {
  return async (context) => {
    const { ms = '' } = context.query;
    if (!/^\d{1,4}$/.test(ms) || Number(ms) > MAX_LATE_MS) {
      throw new HttpError(400, 'out_of_range', `ms is a whole number from 0 to ${MAX_LATE_MS}`);
    }
    await sleep(Number(ms), undefined, { signal: context.signal() });
    return handler(context);
  };
}

function isLanguage(text: string): text is Language {
  return LANGUAGES.some((language) => language === text);
}
