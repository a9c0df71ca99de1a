/**
 * `GET /lab/source?file=…`: this project's own files, for the lessons to show the code that ran.
 */
import { readFile } from 'node:fs/promises';
import { HttpError } from '../http/error.ts';
import { text } from '../http/reply.ts';
import type { Handler } from './route.ts';

const ROOT = new URL('../../', import.meta.url);

/**
 * What may be shown: source, in the four folders that hold nothing else. A name has one dot, before
 * its end, so no path leads upwards or to a hidden file.
 */
const SHOWN = /^(lib|sql|static\/js|static\/parts)\/[\w/-]+\.(ts|sql|js|html)$/;

/** The file's text; 404 for a file that is not there, or not to be shown. */
export const showSource: Handler = async ({ query: { file = '' } }) => {
  const notFound = new HttpError(404, 'not_found', 'no such file is shown');
  if (!SHOWN.test(file)) throw notFound;
  const source = await readFile(new URL(file, ROOT), 'utf8').catch((error) => {
    throw error.code === 'ENOENT' ? notFound : error;
  });
  return text(200, source);
};
