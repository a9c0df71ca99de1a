/**
 * Static files: `static/index.html` is `/`, every file of the folder is below `/static/`. Hidden
 * files, unknown types and symbolic links are not served. An edit shows at the next refresh.
 */
import { createHash } from 'node:crypto';
import { promises as fs, lstatSync, type Stats } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { notAllowed, type Reply } from './reply.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
]);
/** Below this size gzip saves less than a packet. */
const MIN_GZIP_BYTES = 1024;

interface CachedFile extends Record<'identity' | 'gzipped', ReturnType<typeof represent>> {
  /** Differs after each edit. */
  readonly version: string;
}

/**
 * @param folder an absolute path
 * @returns what finds a file's reply: 200, or 304 if the client has it; `undefined` without a file
 */
export function createStaticFiles(folder: string) {
  const cache = new Map<string, CachedFile>();

  async function load(name: string, version: string): Promise<CachedFile | undefined> {
    const path = join(folder, name);
    // Nor may a folder above the file be a link.
    const real = await fs.realpath(path).catch(() => undefined); // it may have gone meanwhile
    if (real !== join(await fs.realpath(folder), name)) return undefined;
    const [content, extension] = [await fs.readFile(path), extname(name)];
    const type = ['Content-Type', TYPES.get(extension) ?? ''];
    const identity = represent(content, type);
    const isCompressible = extension !== '.png' && content.length >= MIN_GZIP_BYTES;
    const gzipped = isCompressible
      ? represent(await promisify(gzip)(content), [...type, 'Content-Encoding', 'gzip'])
      : identity;
    const file = { version, identity, gzipped };
    cache.set(name, file);
    return file;
  }

  /** @throws HttpError 405 for a file and another method than GET and HEAD */
  async function find(name: string, method: string, headers: IncomingHttpHeaders) {
    const stats = statOf(join(folder, name));
    if (!stats?.isFile()) return undefined;
    const version = `${stats.size}-${stats.mtimeMs}`;
    const cached = cache.get(name);
    const file = cached?.version === version ? cached : await load(name, version);
    if (file === undefined) return undefined;
    if (method !== 'GET' && method !== 'HEAD') return notAllowed(method, ['GET']);
    const isGzip = acceptsGzip(headers['accept-encoding']);
    const { etag, ok, notModified } = isGzip ? file.gzipped : file.identity;
    return matches(headers['if-none-match'], etag) ? notModified : ok;
  }

  return (method: string, path: readonly string[], headers: IncomingHttpHeaders) => {
    const name = nameOf(path);
    return name === undefined ? undefined : find(name, method, headers);
  };
}

/** Metadata is in the kernel's cache: 2 µs, against 20 µs through the thread pool. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a name that is too long, a loop of links
  }
}

/** The file's path in the folder; `undefined` if none is served by that name. */
function nameOf(path: readonly string[]): string | undefined {
  const isRoot = path.length === 1 && path[0] === '';
  const [first, ...names] = isRoot ? ['static', 'index.html'] : path;
  if (first !== 'static' || !TYPES.has(extname(names.at(-1) ?? ''))) return undefined;
  // Empty, hidden, `..`, or with a separator that was encoded.
  return names.some((name) => /^$|^\.|[/\\]/.test(name)) ? undefined : names.join('/');
}

function represent(body: Buffer, contentHeaders: readonly string[]) {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // `no-cache`: keep it, and ask each time whether it is still good (RFC 9111 §5.2.2.4).
  const headers = ['ETag', etag, 'Cache-Control', 'no-cache', 'Vary', 'Accept-Encoding'];
  const ok: Reply = { status: 200, headers: [...contentHeaders, ...headers], body };
  const notModified: Reply = { status: 304, headers, body: '' };
  return { etag, ok, notModified };
}

/** Whether `If-None-Match` names the tag, by weak comparison (RFC 9110 §13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace('W/', ''));
  return header === '*' || tags.includes(etag);
}

/** Whether `Accept-Encoding` names gzip, and not with a weight of 0 (RFC 9110 §12.5.3). */
function acceptsGzip(header = ''): boolean {
  const match = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+)\s*)?(?:,|$)/i.exec(header);
  return match !== null && Number(match[1] ?? 1) > 0;
}
