/**
 * The folder `static/`: its `index.html` is `/`, and every file of it is below `/static/`. A file
 * is held in memory, compressed once, and read again when the file system says that it has changed,
 * so an edit shows on the next refresh. Hidden files, files of unknown types, and whatever lies
 * behind a link, which could lead anywhere, are not there.
 */
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Reply } from './reply.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
]);
/** Below this many bytes, gzip saves less than a packet. */
const MIN_GZIP_BYTES = 1024;
/** Of two edits so close together, in ms, some file systems keep the same time. */
const COARSE_CLOCK_MS = 2000;
/** What the file system says of a path where no file is. */
const GONE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'];

/** A file as it was when it was last read, with what the file system then said of it. */
interface Loaded {
  readonly stamp: string;
  readonly plain: Reply;
  readonly packed: Reply | undefined;
}

/**
 * @param folder its absolute path; nothing is read before the first request
 * @returns what finds the answer for a path's decoded segments; `undefined` when no file is there
 */
export function createStaticFiles(folder: string) {
  const held = new Map<string, Loaded>();
  const looks = new Map<string, Promise<Loaded | undefined>>();

  /** The file as it is now; as it was, when nobody can say; `undefined` when there is none. */
  async function look(path: string): Promise<Loaded | undefined> {
    // Whoever asks in one turn of the event loop shares the look that begins when it ends.
    await nextTurn();
    looks.delete(path);
    const before = held.get(path);
    const file = await read(folder, path, before).catch((error: NodeJS.ErrnoException) => {
      if (GONE.includes(error.code)) return undefined;
      // Descriptors may have run out, say: what was read before is still good.
      if (before) return before;
      throw error;
    });
    if (file) held.set(path, file);
    else held.delete(path);
    return file;
  }

  return async (segments: readonly string[], headers: IncomingHttpHeaders) => {
    const path = pathOf(segments);
    if (path === undefined) return undefined;
    const shared = looks.get(path) ?? look(path);
    looks.set(path, shared);
    const file = await shared;
    return (acceptsGzip(headers['accept-encoding']) && file?.packed) || file?.plain;
  };
}

/** The path inside the folder; `undefined` where none may be served. */
function pathOf(segments: readonly string[]): string | undefined {
  const isRoot = segments.length === 1 && segments[0] === '';
  const [first, ...names] = isRoot ? ['static', 'index.html'] : segments;
  if (first !== 'static' || !TYPES.has(extname(names.at(-1) ?? ''))) return undefined;
  // A separator inside a segment was an encoded one, and separates nothing.
  return names.some((name) => /^$|^\.|[/\\]/.test(name)) ? undefined : names.join('/');
}

async function read(folder: string, path: string, before?: Loaded): Promise<Loaded | undefined> {
  const file = join(folder, path);
  const stats = await fs.lstat(file, { bigint: true });
  const stamp = `${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}`;
  const isRecent = Math.abs(Date.now() - Number(stats.ctimeMs)) < COARSE_CLOCK_MS;
  if (before?.stamp === stamp && !isRecent) return before;
  const real = join(await fs.realpath(folder), path);
  if (!stats.isFile() || (await fs.realpath(file)) !== real) return undefined;
  const content = await fs.readFile(file);
  const type = TYPES.get(extname(path)) ?? '';
  const pays = type !== 'image/png' && content.length >= MIN_GZIP_BYTES;
  const packed = pays ? await promisify(gzip)(content) : undefined;
  return {
    stamp,
    plain: replyOf(content, ['Content-Type', type]),
    packed: packed && replyOf(packed, ['Content-Type', type, 'Content-Encoding', 'gzip']),
  };
}

function replyOf(body: Buffer, content: readonly string[]): Reply {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // `no-cache` means: keep it, but ask each time whether it is still good (RFC 9111 §5.2.2.4).
  const headers = ['ETag', etag, 'Cache-Control', 'no-cache', 'Vary', 'Accept-Encoding'];
  return { status: 200, headers: [...content, ...headers], body };
}

/** Whether `Accept-Encoding` names gzip, and not with a weight of nought (RFC 9110 §12.5.3). */
function acceptsGzip(header = ''): boolean {
  const items = header.toLowerCase().split(',');
  return items.some((item) => {
    const [coding = '', weight = 'q=1'] = item.split(';').map((part) => part.trim());
    return coding === 'gzip' && Number(weight.replace('q=', '')) > 0;
  });
}
