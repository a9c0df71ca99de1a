/**
 * `GET /lab/source?file=…`: this project's own files, for the lessons to show the code that ran.
 * Served from a fixed list, and as plain text.
 */
import { readFile } from 'node:fs/promises';
import { HttpError } from '../http/error.ts';
import { text } from '../http/reply.ts';
import type { Handler } from './route.ts';

const ROOT = new URL('../../', import.meta.url);

/** What may be shown; a path that is not written here does not exist. */
export const SHOWN_FILES: ReadonlySet<string> = new Set([
  'lib/app.ts',
  'lib/db/terms.ts',
  'lib/db/users.ts',
  'lib/http/input.ts',
  'lib/http/router.ts',
  'lib/http/static.ts',
  'lib/routes/account.ts',
  'lib/routes/check-uname.ts',
  'lib/routes/lessons.ts',
  'lib/routes/level.ts',
  'lib/routes/session.ts',
  'lib/routes/source.ts',
  'lib/routes/suggest.ts',
  'lib/session/cookie.ts',
  'lib/session/session.ts',
  'lib/session/sessions.ts',
  'sql/schema.sql',
  'sql/seed.sql',
  'static/js/account.js',
  'static/js/combobox.js',
  'static/js/common.js',
  'static/js/contents.js',
  'static/js/cookie-texts.js',
  'static/js/cookie.js',
  'static/js/element.js',
  'static/js/encoding.js',
  'static/js/faults.js',
  'static/js/faulty.js',
  'static/js/form.js',
  'static/js/moves.js',
  'static/js/observe.js',
  'static/js/outline.js',
  'static/js/page.js',
  'static/js/place.js',
  'static/js/race.js',
  'static/js/raw.js',
  'static/js/request.js',
  'static/js/return.js',
  'static/js/send.js',
  'static/js/session-view.js',
  'static/js/session.js',
  'static/js/sessions-list.js',
  'static/js/spa.js',
  'static/js/suggest-texts.js',
  'static/js/suggest.js',
  'static/js/sync.js',
  'static/js/timeline.js',
  'static/js/track.js',
  'static/js/ways.js',
  'static/js/wire.js',
  'static/js/xhr.js',
  'static/parts/spa.html',
]);

/**
 * `GET /lab/source?file=…`: the file’s text.
 * @throws HttpError 404 for a file that is not on the list
 */
export const showSource: Handler = async ({ query }) => {
  const { file = '' } = query;
  if (!SHOWN_FILES.has(file)) throw new HttpError(404, 'not_found', 'this file is not shown');
  return text(200, await readFile(new URL(file, ROOT), 'utf8'));
};
