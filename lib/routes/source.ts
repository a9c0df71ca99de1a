/**
 * `GET /lab/source?file=…`: this project's own files, for the lessons to show the code that ran.
 * Served as plain text.
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

/**
 * `GET /lab/source?file=…`: the file’s text.
 * @throws HttpError 404 for a file that is not there, or not to be shown
 */
export const showSource: Handler = async ({ query: { file = '' } }) => {
  const source = SHOWN.test(file) ? await read(file) : undefined;
  if (source === undefined) throw new HttpError(404, 'not_found', 'no such file is shown');
  return text(200, source);
};

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(file, ROOT), 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing) return undefined;
    throw error;
  }
}
