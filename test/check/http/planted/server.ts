/**
 * A small server that passes every check, out of one file of sockets and one of parsing, and the same
 * with a fault planted in it.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Fault, Has } from './faults.ts';
import { endOfChunks, framingOf, type Head, parseHead, Refused } from './parse.ts';

const PAGE = '<!doctype html><title>A page</title><p>A page.\n';
const ETAG = '"page"';
const ALLOW = 'Allow: GET, HEAD, OPTIONS, POST';
const MAX_HEAD = 16_384;
/** For a whole request, and between two. */
const REQUEST_MS = 3000;
const LINGER_MS = 300;
const LATE_MS = 300;

export function plantedServer(fault?: Fault): Server {
  const has: Has = (name) => name === fault;
  return createServer({ allowHalfOpen: true }, (socket) => serve(socket, has));
}

function serve(socket: Socket, has: Has): void {
  const said: string[] = [];
  let buffer = '';
  let isLast = false;
  let isContinued = false;
  let isIdle = true;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    if (has('answers backwards')) said.reverse();
    if (socket.writable && said.length > 0) socket.write(said.join(''));
    said.length = 0;
  };
  const close = () => {
    if (isLast) return;
    isLast = true;
    clearTimeout(timer);
    flush();
    socket.end();
    // What still comes is read, or TCP takes the response back.
    setTimeout(() => socket.destroy(), LINGER_MS);
  };
  const wait = () => {
    clearTimeout(timer);
    if (has('waits for ever') || has('has no limit for a body')) return;
    timer = setTimeout(() => {
      if (!isIdle || buffer !== '') send(408, [], '', false);
      close();
    }, REQUEST_MS);
  };

  function send(status: number, headers: readonly string[], body: string, isKept: boolean): void {
    const all = [...headers];
    if (!has(status >= 400 ? 'sends errors without a date' : 'sends no date'))
      all.push(
        `Date: ${has('sends a date of ISO') ? new Date().toISOString() : new Date().toUTCString()}`,
      );
    if (status !== 204 && status !== 304) all.push(`Content-Length: ${Buffer.byteLength(body)}`);
    if (!isKept && !has('does not say close')) all.push('Connection: close');
    const isBare = status === 304 || status === 204 || headers.includes('X-Head: yes');
    const head = [`HTTP/1.1 ${status} Said`, ...all].join('\r\n');
    said.push(`${head}\r\n\r\n${isBare ? '' : body}`);
  }

  function next(): boolean {
    if (!has('knows no empty line')) buffer = buffer.replace(/^(?:\r\n){1,8}/, '');
    if (buffer.startsWith('\r\n')) throw new Refused(400);
    const end = buffer.indexOf('\r\n\r\n');
    if (end > MAX_HEAD || (end < 0 && buffer.length > MAX_HEAD))
      throw new Refused(tooLong(buffer, has));
    if (end < 0) return false;
    const head = parseHead(buffer.slice(0, end), has);
    const framing =
      has('forgets the body of GET') && head.method === 'GET' ? 0 : framingOf(head, has);
    const rest = buffer.slice(end + 4);
    const [expected] = head.headers.get('expect') ?? [];
    const isAsked = (head.minor > 0 || has('sends 100 to HTTP/1.0')) && !has('sends no 100');
    if (expected !== undefined && !isContinued && framing !== 0 && isAsked) {
      isContinued = true;
      const isHere = rest !== '' && !has('sends 100 to HTTP/1.0');
      if (!isHere) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    }
    const length = framing === 'chunks' ? endOfChunks(rest, has) : framing;
    if (length === undefined || rest.length < length) return false;
    isContinued = false;
    buffer = rest.slice(length);
    answer(head);
    return true;
  }

  function answer({ method, target, minor, headers }: Head): void {
    const options = (headers.get('connection') ?? []).join(',').toLowerCase().split(/[ ,]+/);
    const isKept =
      minor > 0
        ? has('knows no close') || !options.includes('close')
        : options.includes('keep-alive');
    const [path = '', query = ''] = target.split('?');
    const reply = (status: number, lines: readonly string[], body: string) => {
      const isHead = method === 'HEAD' && !has('sends a body to HEAD');
      send(status, isHead ? [...lines, 'X-Head: yes'] : lines, body, isKept);
    };
    const type = 'Content-Type: text/html';
    const injected = has('writes the query into a header')
      ? [`X-Query: ${decodeURIComponent(query)}`]
      : [];
    const upgrade = headers.get('upgrade')?.[0] === 'probe/1';
    if (upgrade && has('takes every upgrade')) reply(101, ['Upgrade: probe/1'], '');
    else if (method === 'TRACE')
      reply(405, [ALLOW], has('echoes TRACE') ? String(headers.get('cookie')) : '');
    else if (method === 'CONNECT') reply(405, [ALLOW], '');
    else if (method === 'OPTIONS') reply(204, [ALLOW], '');
    else if (path !== '/' && path !== '/form') reply(404, [], 'nothing here');
    else if (method === 'DELETE') reply(405, has('names no methods') ? [] : [ALLOW], '');
    else if (method === 'POST') reply(200, [type], 'taken');
    else if (
      headers.get('if-none-match')?.[0] &&
      isNamed(headers.get('if-none-match')?.[0] ?? '', has)
    )
      reply(304, has('sends 304 without an ETag') ? [] : [`ETag: ${ETAG}`], '');
    else reply(200, [type, `ETag: ${ETAG}`, ...injected], PAGE);
    if (!isKept) close();
  }

  const work = (isEnd: boolean) => {
    try {
      while (!isLast && next()) isIdle = true;
      if (isEnd && !isLast && buffer !== '') throw new Refused(400);
      if (isEnd) close();
      else if (!isLast) flush();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (has('resets a large body') && error.status === 413) return void socket.resetAndDestroy();
      send(error.status, [], 'refused', false);
      close();
    }
  };
  socket.on('data', (chunk) => {
    if (isLast) return;
    buffer += chunk.toString('latin1');
    const isNew = isIdle;
    isIdle = false;
    if (has('wants a request in one piece') && buffer.length < 12) socket.destroy();
    else if (has('answers late and ends with the client')) setTimeout(work, LATE_MS, false);
    else work(false);
    if (isNew || isIdle) wait();
  });
  socket.on('end', () => {
    if (has('answers late and ends with the client')) socket.destroy();
    else if (!isLast) work(true);
  });
  socket.on('error', () => {});
  socket.on('close', () => clearTimeout(timer));
  wait();
}

function tooLong(buffer: string, has: Has): number {
  const line = buffer.indexOf('\r\n');
  const isLine = line < 0 || line > 8192;
  return isLine && !has('answers a long target by 431') ? 414 : 431;
}

function isNamed(list: string, has: Has): boolean {
  const names = list.split(',').map((name) => name.trim());
  if (has('reads one ETag')) return list === ETAG || list === '*';
  return names.includes(ETAG) || names.includes('*');
}
