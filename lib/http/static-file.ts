/**
 * One file of `static/`: held in memory, compressed once, and read again when it has changed. Each request
 * asks the file system whether it has, so an edit shows on the next refresh; requests that come while that
 * question is under way share its answer.
 */
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Reply } from './reply.ts';

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
/** Below this many bytes, gzip saves less than a packet. */
const MIN_GZIP_BYTES = 1024;

/** A file as it was when it was last read: ready to be sent. */
interface Loaded {
  /** What the file system said of the file before it was read. */
  readonly stamp: string;
  readonly plain: Variant;
  readonly gzip: Variant | undefined;
}

interface Variant {
  readonly etag: string;
  readonly full: Reply;
  readonly notModified: Reply;
}

/** Whether a file of this name may be served: of a known type, and not hidden. */
export function isServed(name: string): boolean {
  return !name.startsWith('.') && TYPES.has(extname(name));
}

/**
 * @param path the file's absolute path; nothing is read before the first request
 */
export function createStaticFile(path: string): StaticFile {
  let loaded: Loaded | undefined;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      const { ino, size, mtimeNs, ctimeNs } = await fs.stat(path, { bigint: true });
      const stamp = `${ino}.${size}.${mtimeNs}.${ctimeNs}`;
      if (loaded?.stamp !== stamp) loaded = await load(path, stamp);
    } catch (error) {
      if (isGone(error)) loaded = undefined;
      // Descriptors may have run out, say: what was read before is still good.
      else if (loaded === undefined) throw error;
    }
  }

  return {
    async reply(headers) {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      await looking;
      if (loaded === undefined) return undefined;
      const variant = (acceptsGzip(headers['accept-encoding']) && loaded.gzip) || loaded.plain;
      return matches(headers['if-none-match'], variant.etag) ? variant.notModified : variant.full;
    },
  };
}

async function load(path: string, stamp: string): Promise<Loaded> {
  const content = await fs.readFile(path);
  const type = TYPES.get(extname(path)) ?? 'application/octet-stream';
  const pays = !type.startsWith('image/png') && content.length >= MIN_GZIP_BYTES;
  const packed = pays ? await promisify(gzip)(content) : undefined;
  return {
    stamp,
    plain: variantOf(content, type, []),
    gzip: packed && variantOf(packed, type, ['Content-Encoding', 'gzip']),
  };
}

function variantOf(body: Buffer, type: string, coding: readonly string[]): Variant {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // `no-cache` means: keep it, but ask each time whether it is still good (RFC 9111 §5.2.2.4).
  const headers = ['ETag', etag, 'Cache-Control', 'no-cache', 'Vary', 'Accept-Encoding'];
  return {
    etag,
    full: { status: 200, headers: ['Content-Type', type, ...coding, ...headers], body },
    notModified: { status: 304, headers, body: '' },
  };
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Whether `Accept-Encoding` names gzip, and not with a weight of nought (RFC 9110 §12.5.3). */
function acceptsGzip(header: string | string[] | undefined): boolean {
  if (header === undefined) return false;
  const items = String(header).toLowerCase().split(',');
  return items.some((item) => {
    const [coding = '', weight = 'q=1'] = item.split(';').map((part) => part.trim());
    return coding === 'gzip' && Number(weight.replace('q=', '')) > 0;
  });
}

/** Weak comparison of an entity tag with those the client holds (RFC 9110 §13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((item) => ['*', etag, `W/${etag}`].includes(item.trim()));
}
