/** A strict parser of HTTP/1.1 requests, with the faults that are planted in it. */
import type { Has } from './faults.ts';

export interface Head {
  readonly method: string;
  readonly target: string;
  readonly minor: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** Answered by this status; the connection is closed. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE', 'TRACE', 'CONNECT'];
const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
const PATH = /^\/[\w.~!$&'()*+,;=:@/%-]*(?:\?[!"$-~]*)?$/;
const HOST = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::(\d*))?$/i;
const EXTENSIONS = new RegExp(`^(?:;${TOKEN}(?:=(?:${TOKEN}|"[^"\\\\\\0-\\x1f]*"))?)*$`);
const MAX_BODY = 100_000;

/** @param text the head without its last empty line */
export function parseHead(text: string, has: Has): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const { method, target, minor } = parseLine(first, has);
  const headers = parseHeaders(lines, has);
  checkHost(headers.get('host') ?? [], minor, has);
  const [expected = '100-continue'] = headers.get('expect') ?? [];
  if (expected !== '100-continue') throw new Refused(417);
  return { method, target: parseTarget(method, target, has), minor, headers };
}

function parseLine(text: string, has: Has) {
  const line = has('splits the request line at any white space')
    ? text.trim().replace(/[ \t]+/g, ' ')
    : text;
  const [, name = '', target = '', version = ''] = /^(\S+) (\S+) (\S+)$/.exec(line) ?? [];
  if (/^\w{30}/.test(line)) throw new Refused(has('answers a long method by 400') ? 400 : 501);
  if (!new RegExp(`^${TOKEN}$`).test(name)) throw new Refused(400);
  const isLower = has('takes http in small letters') && version === 'http/1.1';
  const [, major = '', minor = ''] =
    /^HTTP\/(\d)\.(\d)$/.exec(isLower ? 'HTTP/1.1' : version) ?? [];
  if (major === '') throw new Refused(400);
  const isOther = major !== '1' && !(has('takes HTTP/2.0') && major === '2');
  if (isOther) throw new Refused(505);
  if (has('refuses HTTP/1.2') && Number(minor) > 1) throw new Refused(505);
  const method = has('takes methods in any case') ? name.toUpperCase() : name;
  if (!METHODS.includes(method))
    throw new Refused(has('takes unknown methods for a fault of syntax') ? 400 : 501);
  return { method, target, minor: Number(minor) };
}

function parseTarget(method: string, target: string, has: Has): string {
  if (method === 'CONNECT' || (target === '*' && method === 'OPTIONS')) return target;
  const [, authority, rest = ''] = /^https?:\/\/([^/]*)(.*)$/i.exec(target) ?? [];
  if (authority !== undefined && has('refuses absolute targets')) throw new Refused(400);
  if (authority !== undefined && !HOST.test(authority)) throw new Refused(400);
  const path = authority === undefined ? target : rest || '/';
  const isPath = PATH.test(has('takes a fragment') ? path.replace('#', '') : path);
  if (!isPath) throw new Refused(400);
  try {
    if (decodeURIComponent(path.split('?')[0] ?? '').includes('\0')) throw new Refused(400);
  } catch {
    throw new Refused(400);
  }
  return path;
}

function parseHeaders(lines: readonly string[], has: Has): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  const kept = has('drops headers beyond a thousand') ? lines.slice(0, 1000) : lines;
  for (const line of kept) {
    const unfolded = has('takes NUL for a blank') ? line.replaceAll('\0', ' ') : line;
    const text = has('trims a name') ? unfolded.replace(/^(x-\w+)[ \t]+:/i, '$1:') : unfolded;
    const [, name = '', value = ''] =
      new RegExp(`^(${TOKEN}):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*$`).exec(text) ?? [];
    if (name === '') throw new Refused(400);
    const key = name.toLowerCase();
    if (has('refuses a header that comes twice') && key === 'accept' && headers.has(key))
      throw new Refused(400);
    headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  return headers;
}

function checkHost(hosts: readonly string[], minor: number, has: Has): void {
  if (hosts.length === 0 && (minor === 0 || has('needs no Host'))) return;
  if (hosts.length !== 1 && !(has('takes the first of two Hosts') && hosts.length > 1))
    throw new Refused(400);
  const [host = ''] = hosts;
  const isUser = has('takes a user in Host') && host.includes('@');
  const [match, port] = HOST.exec(isUser ? 'a' : host) ?? [];
  if (match === undefined || Number(port ?? 0) > 65_535) throw new Refused(400);
}

/** How the body is delimited: a length, or chunks. */
export function framingOf({ minor, headers }: Head, has: Has): number | 'chunks' {
  const codings = headers.get('transfer-encoding') ?? [];
  const lengths = headers.get('content-length') ?? [];
  const coding = codings.join(', ').toLowerCase();
  const isMade = coding === '' && has('passes an empty coding over');
  if (codings.length > 0 && !isMade) {
    const isDoubtful = minor === 0 || (lengths.length > 0 && !has('prefers chunks to a length'));
    if (isDoubtful) throw new Refused(400);
    const isLax = has('takes a coding that ends with chunked') && coding.endsWith('chunked');
    if (coding !== 'chunked' && !isLax) throw new Refused(coding === '' ? 400 : 501);
    return 'chunks';
  }
  if (lengths.length === 0) return 0;
  const [text = ''] = has('takes the last of two lengths')
    ? lengths.slice(-1)
    : [lengths.join(', ')];
  const digits = has('takes a plus') ? text.replace('+', '') : text;
  if (!/^\d{1,15}$/.test(digits)) throw new Refused(400);
  if (Number(digits) > MAX_BODY && !has('has no limit for a body')) throw new Refused(413);
  return Number(digits);
}

/** @returns how many bytes the chunks have; `undefined` until the last has come */
export function endOfChunks(text: string, has: Has): number | undefined {
  let sum = 0;
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n', at);
    const line = text.slice(at, end < 0 ? undefined : end);
    if (line.length > 4096) throw new Refused(400);
    if (end < 0) return undefined;
    const size = sizeOf(line, has);
    sum += size;
    if (sum > MAX_BODY) throw new Refused(413);
    if (size === 0) return endOfTrailer(text, end, has);
    const behind = text.slice(end + 2 + size, end + 4 + size);
    if (behind.length < 2) return undefined;
    if (behind !== '\r\n') throw new Refused(400);
    at = end + 4 + size;
  }
}

function sizeOf(line: string, has: Has): number {
  const [, digits = '', extensions = ''] = /^([^;]*)(.*)$/s.exec(line) ?? [];
  let text = digits;
  if (has('takes 0x')) text = text.replace(/^0x/, '');
  if (has('takes a blank behind a size')) text = text.trimEnd();
  if (has('takes the last digits of a size')) text = text.slice(-8);
  const isLong = text.length > 8;
  if (isLong || !/^[\da-f]+$/i.test(text)) throw new Refused(400);
  if (has('refuses extensions') && extensions !== '') throw new Refused(400);
  const isRight = EXTENSIONS.test(extensions);
  if (!isRight && !(has('takes any extension') && !/[\r\n]/.test(extensions)))
    throw new Refused(400);
  return Number.parseInt(text, 16);
}

function endOfTrailer(text: string, from: number, has: Has): number | undefined {
  const end = text.indexOf('\r\n\r\n', from);
  if (end < 0 && text.length - from > 16_384) throw new Refused(431);
  if (end < 0) return undefined;
  const lines = text.slice(from + 2, Math.max(end, from + 2));
  if (lines !== '') {
    if (has('refuses trailers')) throw new Refused(400);
    if (!has('passes trailers over')) parseHeaders(lines.split('\r\n'), has);
  }
  return end + 4;
}
