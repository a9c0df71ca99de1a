/**
 * One file of `static/`: held in memory, compressed once, and read again when it has changed. Each
 * request asks the file system whether it has, so an edit shows on the next refresh; requests that
 * come while that question is under way share the next one's answer.
 */
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { coalesce } from './coalesce.ts';
import { acceptsGzip, matches } from './negotiation.ts';
import type { Reply } from './reply.ts';

/** A file that may be served. */
export interface StaticFile {
  /** The answer: 200, or 304 when the client has it already; `undefined` when the file is gone. */
  reply(headers: IncomingHttpHeaders): Promise<Reply | undefined>;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
]);
/**
 * A Worker in which a reader's program runs: no network and no other script, and leave to make
 * functions out of text, which no other file has. Also with a 304, which renews what the browser
 * has kept of the headers (RFC 9111 §3.2).
 */
const SANDBOX = ['Content-Security-Policy', "default-src 'none'; script-src 'unsafe-eval'"];
/** Below this many bytes, gzip saves less than a packet. */
const MIN_GZIP_BYTES = 1024;
/**
 * Up to so many bytes, copying a body behind its headers costs less than sending it apart from
 * them.
 */
const MAX_JOINED_BYTES = 8192;
/** Of two edits so close together, in ms, some file systems keep the same time. */
const COARSE_CLOCK_MS = 2000;

/** A file as it was when it was last read: ready to be sent. */
interface Loaded {
  /** What the file system said of the file before it was read. */
  readonly stamp: string;
  readonly content: Buffer;
  readonly plain: Variant;
  readonly gzip: Variant | undefined;
}

interface Variant {
  readonly etag: string;
  readonly full: Reply;
  readonly notModified: Reply;
}

/** Whether a file may be served, by the names on its path: of a known type, and nothing hidden. */
export function isServed(names: readonly string[]): boolean {
  return !names.some((name) => name.startsWith('.')) && TYPES.has(extname(names.at(-1) ?? ''));
}

/**
 * Makes a file that can be served.
 * @param path the file's absolute path, without links; nothing is read before the first request
 */
export function createStaticFile(path: string): StaticFile {
  let loaded: Loaded | undefined;

  const look = coalesce(async () => {
    try {
      const stamp = await stampOf(path);
      if (stamp === undefined) loaded = undefined;
      else if (loaded === undefined || loaded.stamp !== stamp.text || stamp.isRecent) {
        loaded = await load(path, stamp.text, loaded);
      }
    } catch (error) {
      if (isFileGone(error)) loaded = undefined;
      // Descriptors may have run out, say: what was read before is still good.
      else if (loaded === undefined) throw error;
    }
  });

  return {
    async reply(headers) {
      await look();
      if (loaded === undefined) return undefined;
      const variant = (acceptsGzip(headers['accept-encoding']) && loaded.gzip) || loaded.plain;
      return matches(headers['if-none-match'], variant.etag) ? variant.notModified : variant.full;
    },
  };
}

/**
 * What the file system says of a file: another text after each edit, once the edit is not recent
 * any more. `undefined` when there is no file of its own at this path: a link could lead anywhere.
 */
async function stampOf(path: string): Promise<{ text: string; isRecent: boolean } | undefined> {
  const stats = await fs.lstat(path, { bigint: true });
  if (!stats.isFile()) return undefined;
  const { ino, size, mtimeNs, ctimeNs, ctimeMs } = stats;
  const isRecent = Date.now() - Number(ctimeMs) < COARSE_CLOCK_MS;
  return { text: `${ino}.${size}.${mtimeNs}.${ctimeNs}`, isRecent };
}

async function load(path: string, stamp: string, before: Loaded | undefined) {
  // A folder on the way may have become a link since it was found.
  if ((await fs.realpath(path)) !== path) return undefined;
  const content = await fs.readFile(path);
  if (before?.content.equals(content)) return { ...before, stamp };
  const type = TYPES.get(extname(path)) ?? 'application/octet-stream';
  const pays = type !== 'image/png' && content.length >= MIN_GZIP_BYTES;
  const packed = pays ? await promisify(gzip)(content) : undefined;
  const policy = path.endsWith('.worker.js') ? SANDBOX : [];
  return {
    stamp,
    content,
    plain: variantOf(content, ['Content-Type', type], policy),
    gzip: packed && variantOf(packed, ['Content-Type', type, 'Content-Encoding', 'gzip'], policy),
  };
}

function variantOf(body: Buffer, content: readonly string[], policy: readonly string[]): Variant {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // `no-cache` means: keep it, but ask each time whether it is still good (RFC 9111 §5.2.2.4).
  const caching = ['ETag', etag, 'Cache-Control', 'no-cache', 'Vary', 'Accept-Encoding'];
  const headers = [...caching, ...policy];
  const full = { status: 200, headers: [...content, ...headers] };
  // Node joins a string with the headers; in Latin-1 each character is a byte.
  const isShort = body.length <= MAX_JOINED_BYTES;
  return {
    etag,
    full: isShort
      ? { ...full, body: body.toString('latin1'), encoding: 'latin1' }
      : { ...full, body },
    notModified: { status: 304, headers, body: '' },
  };
}

/** Whether an error of the file system says that nothing is there (any more). */
export function isFileGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
