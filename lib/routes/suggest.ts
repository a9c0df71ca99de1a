/** Search suggestion: the glossary's terms that begin with what has been typed so far. */
import { LANGUAGES, type Terms } from '../db/terms.ts';
import { HttpError, json } from '../http/reply.ts';
import type { StatelessHandler } from './route.ts';

const MAX_CHARACTERS = 64;

/** `GET /suggest?q=P&lang=en|zh`: at most 8 terms; none for an empty P, English by default. */
export function suggest(terms: Terms): StatelessHandler {
  return async ({ query: { q = '', lang = 'en' } }) => {
    if ([...q].length > MAX_CHARACTERS) {
      throw new HttpError(400, 'invalid_q', `q has at most ${MAX_CHARACTERS} characters`);
    }
    const language = LANGUAGES.find((one) => one === lang);
    if (language === undefined) {
      throw new HttpError(400, 'invalid_lang', `lang is one of ${LANGUAGES.join(', ')}`);
    }
    return json(200, { terms: q === '' ? [] : await terms.beginningWith(q, language) });
  };
}
