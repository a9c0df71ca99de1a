/**
 * The measure: node:http with as little as the four workloads need. No check of what comes in, no
 * limit, no security header, no signature on the cookie; one query per question; a plain Map for
 * the sessions.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { exists, isWanted, listen, STATIC_FOLDER } from './setting.ts';

const CHECK = '/check-uname?uname=';
const SESSION = '/session/';
const COOKIE = 'sid=';

const sessions = new Map<string, Map<string, string>>();

if (isWanted) serve();

function serve(): void {
  const page = readFileSync(join(STATIC_FOLDER, 'index.html'));
  const pageHeaders = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': page.length };

  listen(
    createServer(async (request, response) => {
      const { method, url = '' } = request;
      if (url === '/') {
        response.writeHead(200, pageHeaders).end(page);
      } else if (url.startsWith(CHECK)) {
        const uname = decodeURIComponent(url.slice(CHECK.length));
        json(response, { uname, exists: await exists(uname) });
      } else if (url.startsWith(SESSION) && method === 'PUT') {
        writeKey(request, response, url.slice(SESSION.length));
      } else if (url.startsWith(SESSION)) {
        const key = url.slice(SESSION.length);
        json(response, { key, value: sessions.get(idOf(request))?.get(key) });
      } else {
        response.writeHead(404).end();
      }
    }),
  );
}

function writeKey(request: IncomingMessage, response: ServerResponse, key: string): void {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const value = new URLSearchParams(body).get('value') ?? '';
    const session = sessions.get(idOf(request)) ?? begin(response);
    session.set(key, value);
    json(response, { key, value });
  });
}

function begin(response: ServerResponse): Map<string, string> {
  const id = randomUUID();
  const session = new Map<string, string>();
  sessions.set(id, session);
  response.setHeader('Set-Cookie', `${COOKIE}${id}; HttpOnly`);
  return session;
}

function idOf({ headers }: IncomingMessage): string {
  return headers.cookie?.slice(COOKIE.length) ?? '';
}

function json(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(200, headers).end(body);
}
