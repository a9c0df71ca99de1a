/**
 * The head of a request: its target, its framing, the client's address and scheme. What Node's parser
 * lets through against RFC 9112 is refused: a proxy in front may read it otherwise (smuggling).
 */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { HttpError } from './reply.ts';

/** The request target, parsed. */
export interface Target {
  /** The decoded segments: `/session/a%2Fb` is `['session', 'a/b']`; none for `OPTIONS *`. */
  readonly path: readonly string[];
  /** What follows the first `?`, not decoded. */
  readonly query: string;
  /** In lower case, with the port if one was sent; empty for HTTP/1.0 without a Host. */
  readonly host: string;
}

export interface Client {
  /** The IP address; of IPv6 the /64, which is what one household gets. A key for limits. */
  readonly address: string;
  /** Whether the client speaks https. */
  readonly secure: boolean;
}

const MAX_URL_BYTES = 8192;
// RFC 3986 §3.3 for the path; browsers send more than §3.4 allows in a query.
const ORIGIN_FORM = /^(\/[\w.~!$&'()*+,;=:@/%-]*)(?:\?([!"$-~]*))?$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)\/?(.*)$/i;
// A name, an IPv4 or a bracketed IPv6 address, and perhaps a port (RFC 3986 §3.2.2, §3.2.3).
const AUTHORITY = /^(?:[a-z0-9._~-]+|\[([0-9a-f:.]+)\])(?::(\d{0,5}))?$/;
const UNTRUSTED =
  'a request has come with X-Forwarded-For or -Proto, which are not believed: if a proxy of yours ' +
  'stands in front, set TRUST_PROXY=1, or all its visitors share one address and its limits';

/** Checks the request's framing and parses its target. @throws HttpError 400, 414, 501 or 505 */
export function readTarget(request: IncomingMessage): Target {
  checkFraming(request);
  const { method, url = '', httpVersion, headers } = request;
  if (url.length > MAX_URL_BYTES) {
    throw refuse(`a URL has at most ${MAX_URL_BYTES} bytes`, 414, 'url_too_long');
  }
  // Of two Hosts Node makes `a, b`, which is malformed (RFC 9112 §3.2).
  const hasNoHost = httpVersion === '1.0' && headers.host === undefined;
  const host = hasNoHost ? '' : checkAuthority(headers.host ?? '');
  if (url.startsWith('/')) return parseUrl(url, host);
  if (url === '*' && method === 'OPTIONS') return { path: [], query: '', host };
  // Its authority takes the place of Host (RFC 9112 §3.2.2).
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(url) ?? [];
  if (authority === undefined) throw refuse('the request target is malformed');
  return parseUrl(`/${rest}`, checkAuthority(authority));
}

/** Throws if it is not certain where this message ends (RFC 9112 §6.1, §6.3). */
function checkFraming({ httpVersion: version, headers }: IncomingMessage): void {
  if (version === '0.9') throw refuse('HTTP/0.9 is not spoken here');
  if (version !== '1.1' && version !== '1.0') {
    throw refuse('HTTP/1.1 and HTTP/1.0 are spoken here', 505, 'http_version');
  }
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  if (version === '1.0' || coding === '') throw refuse('Transfer-Encoding has no place here');
  if (coding.toLowerCase() !== 'chunked') {
    throw refuse('the only transfer coding known here is chunked', 501, 'transfer_coding');
  }
}

/**
 * Decodes percent-encoding strictly: `URLSearchParams` keeps `%zz` and maps `%ff` to U+FFFD.
 * @throws HttpError 400 for a broken escape, bytes that are not UTF-8, or a NUL
 */
export function percentDecode(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes('\0')) return decoded;
  } catch {
    // The same error as for a NUL.
  }
  throw new HttpError(400, 'bad_request', 'percent-encoding is broken, not UTF-8, or holds a NUL');
}

function parseUrl(url: string, host: string): Target {
  const [, path, query = ''] = ORIGIN_FORM.exec(url) ?? [];
  if (path === undefined) throw refuse('the request target is malformed');
  // Split first, then decode: an encoded slash belongs to its segment.
  return { path: path.slice(1).split('/').map(percentDecode), query, host };
}

function checkAuthority(text: string): string {
  const host = text.toLowerCase();
  const [match, ipv6, port = '0'] = AUTHORITY.exec(host) ?? [];
  const isAddress = ipv6 === undefined || isIPv6(ipv6);
  if (match !== undefined && isAddress && Number(port) <= 65_535) return host;
  throw refuse('the host is malformed');
}

/** The connection is closed: the client may see the end of this message elsewhere. */
function refuse(detail: string, status = 400, code = 'bad_request'): HttpError {
  return new HttpError(status, code, detail, ['Connection', 'close']);
}

/**
 * The client behind a request. Anybody can send `X-Forwarded-For`: only the entries of our own
 * proxies are believed, counted from the right. @param trustProxy how many there are
 */
export function readClient(
  { socket, headers }: IncomingMessage,
  trustProxy: number,
  warnOnce: (line: string) => void,
): Client {
  const direct = socket.remoteAddress ?? '';
  if (trustProxy === 0) {
    if ('x-forwarded-for' in headers || 'x-forwarded-proto' in headers) warnOnce(UNTRUSTED);
    return { address: rateLimitKey(direct), secure: false };
  }
  const forwarded = withoutPort(forwardedEntry(headers['x-forwarded-for'], trustProxy));
  const scheme = forwardedEntry(headers['x-forwarded-proto'], trustProxy);
  const address = rateLimitKey(isIP(forwarded) ? forwarded : direct);
  return { address, secure: scheme === 'https' };
}

/** The entry that the outermost of our proxies has added; the first where there are fewer. */
function forwardedEntry(header: string | string[] | undefined, hops: number): string {
  const entries = String(header ?? '').split(',');
  return entries[Math.max(0, entries.length - hops)]?.trim().toLowerCase() ?? '';
}

/** Some proxies add the port, as in `1.2.3.4:5678` and `[2001:db8::1]:5678`. */
function withoutPort(text: string): string {
  const [, ipv6, ipv4] = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  return ipv6 ?? ipv4 ?? text;
}

/** One spelling for each of IPv6's many, so that they share one limit. */
function rateLimitKey(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  if (!address.includes(':')) return address;
  const [left = [], right = []] = address.split('::').map((half) => half.match(/[^:]+/g) ?? []);
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
