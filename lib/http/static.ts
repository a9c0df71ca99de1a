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
import { acceptsGzip, hasAlready } from './negotiation.ts';
import type { Reply } from './reply.ts';

/** The answer for a path's decoded segments: 200, 304, or `undefined` when no file is there. */
export type FindFile = (
  segments: readonly string[],
  headers: IncomingHttpHeaders,
) => Promise<Reply | undefined>;

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
const GONE: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'];

/** A file as it was when it was last read: ready to be sent. */
interface Loaded {
  readonly stamp: string;
  readonly plain: Variant;
  readonly packed: Variant | undefined;
}

interface Variant {
  readonly etag: string;
  readonly full: Reply;
  readonly notModified: Reply;
}

/**
 * Serves a folder; nothing is read before the first request.
 * @param folder its absolute path
 */
export function createStaticFiles(folder: string): FindFile {
  const held = new Map<string, Loaded>();
  const looks = new Map<string, Promise<Loaded | undefined>>();

  /** Whoever asks in one turn of the event loop shares the look that begins when it ends. */
  function look(path: string): Promise<Loaded | undefined> {
    let shared = looks.get(path);
    shared ??= nextTurn().then(() => {
      looks.delete(path);
      return load(path);
    });
    looks.set(path, shared);
    return shared;
  }

  /** The file as it is now; as it was, when nobody can say; `undefined` when there is none. */
  async function load(path: string): Promise<Loaded | undefined> {
    const before = held.get(path);
    try {
      const file = await read(folder, path, before);
      if (file === undefined) held.delete(path);
      else held.set(path, file);
      return file;
    } catch (error) {
      // Descriptors may have run out, say: what was read before is still good.
      if (before === undefined) throw error;
      return before;
    }
  }

  return async (segments, headers) => {
    const path = pathOf(segments);
    const file = path === undefined ? undefined : await look(path);
    const variant = (acceptsGzip(headers['accept-encoding']) && file?.packed) || file?.plain;
    if (variant === undefined) return undefined;
    return hasAlready(headers['if-none-match'], variant.etag) ? variant.notModified : variant.full;
  };
}

/** The path inside the folder; `undefined` where none may be served. */
function pathOf(segments: readonly string[]): string | undefined {
  const isRoot = segments.length === 1 && segments[0] === '';
  const [first, ...names] = isRoot ? ['static', 'index.html'] : segments;
  // A separator inside a segment was an encoded one, and separates nothing.
  const isHidden = names.some((name) => /^$|^\.|[/\\]/.test(name));
  const isServed = first === 'static' && !isHidden && TYPES.has(extname(names.at(-1) ?? ''));
  return isServed ? names.join('/') : undefined;
}

async function read(
  folder: string,
  path: string,
  before: Loaded | undefined,
): Promise<Loaded | undefined> {
  const file = join(folder, path);
  try {
    const stats = await fs.lstat(file, { bigint: true });
    const stamp = `${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}`;
    const isRecent = Date.now() - Number(stats.ctimeMs) < COARSE_CLOCK_MS;
    if (before?.stamp === stamp && !isRecent) return before;
    if (!stats.isFile()) return undefined;
    const real = await fs.realpath(folder);
    if ((await fs.realpath(file)) !== join(real, path)) return undefined;
    const content = await fs.readFile(file);
    const type = TYPES.get(extname(path)) ?? '';
    const pays = type !== 'image/png' && content.length >= MIN_GZIP_BYTES;
    const packed = pays ? await promisify(gzip)(content) : undefined;
    return {
      stamp,
      plain: variantOf(content, ['Content-Type', type]),
      packed: packed && variantOf(packed, ['Content-Type', type, 'Content-Encoding', 'gzip']),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && GONE.includes(error.code)) return undefined;
    throw error;
  }
}

function variantOf(body: Buffer, content: readonly string[]): Variant {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // `no-cache` means: keep it, but ask each time whether it is still good (RFC 9111 §5.2.2.4).
  const headers = ['ETag', etag, 'Cache-Control', 'no-cache', 'Vary', 'Accept-Encoding'];
  return {
    etag,
    full: { status: 200, headers: [...content, ...headers], body },
    notModified: { status: 304, headers, body: '' },
  };
}
