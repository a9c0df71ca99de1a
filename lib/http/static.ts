/**
 * The folder `static/` as a map from URL to file. Only what is on the map can be served, so a path
 * that climbs out of the folder is not refused here: it cannot be expressed. A path that is not on
 * the map makes the folder be read anew, so a new file is there on the next refresh.
 */
import { promises as fs } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join, relative, sep } from 'node:path';
import { coalesce } from './coalesce.ts';
import type { Reply } from './reply.ts';
import { createStaticFile, isFileGone, isServed, type StaticFile } from './static-file.ts';

/** The files of a folder, by URL. */
export interface StaticFiles {
  /**
   * Whether a path could be that of a file. The others need not wait for `find`.
   * @param segments the path's decoded segments
   */
  mayHave(segments: readonly string[]): boolean;
  /**
   * The answer for a path, or `undefined` when no file is there. Conditional requests are answered
   * 304.
   */
  find(segments: readonly string[], headers: IncomingHttpHeaders): Promise<Reply | undefined>;
}

/**
 * Makes the map of a folder; it is read with the first request.
 * @param folder the folder's absolute path; its `index.html` is `/`, the rest is below `/static/`
 */
export function createStaticFiles(folder: string): StaticFiles {
  let files = new Map<string, StaticFile>();

  const scan = coalesce(async () => {
    const found = new Map<string, StaticFile>();
    const root = await fs.realpath(folder);
    // Links are left out: they could lead anywhere.
    for (const item of await fs.readdir(root, { recursive: true, withFileTypes: true })) {
      const path = join(item.parentPath, item.name);
      const names = relative(root, path).split(sep);
      if (!item.isFile() || !isServed(names)) continue;
      const url = ['static', ...names].join('/');
      found.set(url, files.get(url) ?? createStaticFile(path));
    }
    const index = found.get('static/index.html');
    if (index) found.set('', index);
    files = found;
  });

  return {
    mayHave: (segments) =>
      segments[0] === 'static' || (segments.length === 1 && segments[0] === ''),

    async find(segments, headers) {
      // A slash inside a segment was an encoded one, and separates nothing.
      if (segments.some((segment) => segment.includes('/'))) return undefined;
      const path = segments.join('/');
      if (!files.has(path)) await scan().catch(ignoreGone);
      return await files.get(path)?.reply(headers);
    },
  };
}

/** A folder that goes away while it is read: what was found before still looks after itself. */
function ignoreGone(error: unknown): void {
  if (!isFileGone(error)) throw error;
}
