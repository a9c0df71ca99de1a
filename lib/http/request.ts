/**
 * Is this an HTTP message that we answer at all? Node's parser lets through what RFC 9112 forbids
 * or what only a proxy needs; a server that guesses at such a message may read it otherwise than
 * the proxy in front of it did (request smuggling). Here it is refused instead, and what is left is
 * taken apart: the path's segments, the query, the host.
 */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { HttpError } from './error.ts';

/** What a request is for, taken apart. */
export interface Target {
  /** The decoded path: `/session/a%2Fb` is `['session', 'a/b']`; empty for `OPTIONS *`. */
  readonly segments: readonly string[];
  /** What stands behind the first `?`, not yet decoded. */
  readonly query: string;
  /** Whom the client means to talk to, in lower case; empty for HTTP/1.0 without a Host. */
  readonly host: string;
}

const MAX_URL_BYTES = 8192;
/** Well below the 1000 past which Node drops header lines without a word. */
const MAX_HEADER_LINES = 100;

// A name, an IPv4 or a bracketed IPv6 address, and perhaps a port (RFC 3986 §3.2.2, §3.2.3).
const AUTHORITY = /^(?:[a-z0-9._~-]+|\[([0-9a-f:.]+)\])(?::(\d{0,5}))?$/;
const PRINTABLE_ASCII = /^[!-~]+$/;

/**
 * Checks the request's line and framing, and takes its target apart.
 * @throws HttpError 400, 414, 417, 431, 501 or 505
 */
export function readTarget(request: IncomingMessage): Target {
  checkFraming(request);
  const { method, url = '' } = request;
  if (url.length > MAX_URL_BYTES) {
    throw unfit(414, 'url_too_long', `a URL has at most ${MAX_URL_BYTES} bytes`);
  }
  if (!PRINTABLE_ASCII.test(url) || url.includes('#')) throw bad('the request target is malformed');
  const host = hostOf(request);
  if (url.startsWith('/')) return splitUrl(url, host);
  if (url === '*' && method === 'OPTIONS') return { segments: [], query: '', host };
  // As clients send it to a proxy: its authority takes the place of Host (RFC 9112 §3.2.2).
  const [, authority, rest = ''] = /^https?:\/\/([^/?]*)(.*)$/i.exec(url) ?? [];
  if (authority === undefined) throw bad('the request target is malformed');
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return splitUrl(path, checkedAuthority(authority));
}

/** Is it certain where this message begins and ends, and are its promises ones that we can keep? */
function checkFraming({ httpVersion: version, headers, rawHeaders }: IncomingMessage): void {
  if (version === '0.9') throw bad('HTTP/0.9 is not spoken here');
  if (version !== '1.1' && version !== '1.0') {
    throw unfit(505, 'http_version', 'HTTP/1.1 and HTTP/1.0 are spoken here');
  }
  if (rawHeaders.length > 2 * MAX_HEADER_LINES) {
    throw unfit(431, 'too_many_headers', `at most ${MAX_HEADER_LINES} header lines`);
  }
  if (version === '1.1' && (headers.expect ?? '100-continue').toLowerCase() !== '100-continue') {
    throw unfit(417, 'expectation_failed', 'the only expectation met here is 100-continue');
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  if (version === '1.0') throw bad('Transfer-Encoding is not part of HTTP/1.0');
  if (coding.toLowerCase() !== 'chunked') {
    throw unfit(501, 'transfer_coding', 'the only transfer coding known here is chunked');
  }
}

/**
 * Undoes percent-encoding once, and strictly: `URLSearchParams` would keep `%zz` and turn `%ff`
 * into a replacement sign, and two different texts would become one.
 * @throws HttpError 400 for a broken escape, bytes that are no UTF-8, or a NUL
 */
export function percentDecode(text: string): string {
  try {
    const decoded = text.includes('%') ? decodeURIComponent(text) : text;
    if (!decoded.includes('\0')) return decoded;
  } catch {
    // Told like the NUL.
  }
  throw new HttpError(400, 'bad_request', 'percent-encoding is broken, no UTF-8, or holds a NUL');
}

function splitUrl(url: string, host: string): Target {
  const [path = '', ...rest] = url.split('?');
  // Split first, decode then: an encoded slash belongs to its segment.
  const segments = path.slice(1).split('/').map(percentDecode);
  return { segments, query: rest.join('?'), host };
}

/** Exactly one well-formed Host for HTTP/1.1 (RFC 9112 §3.2); of two, Node makes `a, b`. */
function hostOf({ httpVersion, headers }: IncomingMessage): string {
  if (httpVersion === '1.0' && headers.host === undefined) return '';
  return checkedAuthority(headers.host ?? '');
}

function checkedAuthority(text: string): string {
  const host = text.toLowerCase();
  const [match, ipv6, port = '0'] = AUTHORITY.exec(host) ?? [];
  const isAddress = ipv6 === undefined || isIPv6(ipv6);
  if (match !== undefined && isAddress && Number(port) <= 65_535) return host;
  throw bad('the host is malformed');
}

/** Of a message whose sender may see its end elsewhere than we do: nothing is read behind it. */
function unfit(status: number, code: string, detail: string): HttpError {
  return new HttpError(status, code, detail, ['Connection', 'close']);
}

function bad(detail: string): HttpError {
  return unfit(400, 'bad_request', detail);
}
