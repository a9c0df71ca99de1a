/** The lessons' endpoints. Who wants just the reference deletes this file and its lines in `table.ts`. */
import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCookie } from 'cookie';
import { HttpError, json, text, withHeaders } from '../http/reply.ts';
import { createSessionCookie } from '../session/cookie.ts';
import type { Handler, Route, StatelessHandler } from './route.ts';

const MAX_MS = 10_000;
const MAX_CHUNKS = 50;
const MAX_PIECE_MS = 1000;
/** What a piece of `/lab/drip` weighs, in bytes. */
const PIECE_BYTES = 1024;
/** From the first half of `/lab/cut` to its end, in ms: long enough for the browser to see it. */
const CUT_MS = 200;
const SESSION_COOKIE = /^\s*(?:__Host-)?(?:user-)?sid=/;
const ROOT = new URL('../../', import.meta.url);
/** Source files alone. A name has one dot, before its end: no path leads upwards. */
const SHOWN = /^(lib|sql|static\/js|static\/parts)\/[\w/-]{1,99}\.(ts|sql|js|html)$/;

/** `GET /01-server?name=V`: a greeting, the course's GET. */
const greet: StatelessHandler = ({ query }) => text(200, `Hello, ${query.name || 'stranger'}!`);

/** `POST /02-server`: gives the fields back, the course's POST. */
const echo: StatelessHandler = ({ form }) => json(200, form);

/** `GET /lab/status/:code`: a response with that status. */
const answerWith: StatelessHandler = ({ params }) => {
  const code = wholeNumber(params.code, 'the status', 200, 599);
  if (STATUS_CODES[code] === undefined) throw outOfRange('the status is not a known one');
  return text(code, [204, 205, 304].includes(code) ? '' : `${code} ${STATUS_CODES[code]}`);
};

/** `GET /lab/slow?ms=`: a response after `ms`. */
const answerLate: StatelessHandler = async ({ query, signal }) => {
  const ms = wholeNumber(query.ms, 'ms', 0, MAX_MS);
  await sleep(ms, undefined, { signal: signal() });
  return text(200, `This took ${ms} ms.`);
};

/** `GET /lab/drip?chunks=&ms=`: a response in chunks, `ms` apart. */
const drip: StatelessHandler = ({ query, signal }) => {
  const chunks = wholeNumber(query.chunks, 'chunks', 1, MAX_CHUNKS);
  const ms = wholeNumber(query.ms, 'ms', 0, MAX_PIECE_MS);
  return text(200, pieces(chunks, ms, signal()));
};

/** `GET /lab/cut`: a response that breaks off, as when the server crashes. */
const cut: StatelessHandler = ({ signal }) =>
  // By a length that is not kept: WebKitGTK takes the end of a chunked half for the whole.
  withHeaders(text(200, brokenOff(signal())), ['Content-Length', '80']);

/** `GET /lab/suggest?q=P&lang=…&ms=M`: the handler's answer, M ms later, to be overtaken. */
function late(handler: StatelessHandler): StatelessHandler {
  return async (context) => {
    const ms = wholeNumber(context.query.ms, 'ms', 0, MAX_MS);
    await sleep(ms, undefined, { signal: context.signal() });
    return handler(context);
  };
}

/** `GET /lab/level`: the same fact as the browser's own cookie claims it and as the session holds it. */
const showLevel: Handler = ({ cookies, session }) =>
  json(200, {
    cookieSays: parseCookie(cookies).level ?? null,
    sessionSays: session.get('page:level') ?? null,
    sessionCookies: cookies.split(';').filter((pair) => SESSION_COOKIE.test(pair)).length,
    known: session.exists,
    isUser: session.record?.owner !== undefined,
  });

/** `POST /lab/cookie` `keys`, `cookie`: which key has signed it; without one, the first signs a new id. */
const signOrVerify: StatelessHandler = ({ form }) => {
  const keys = form.keys?.split(',') ?? [''];
  if (keys.includes('')) throw outOfRange('keys must be one or more, with commas between');
  const { cookie = createSessionCookie(keys).create().value } = form;
  const header = `sid=${cookie}`;
  const hasSigned = (key: string) => createSessionCookie([key]).read(header, false).length > 0;
  return json(200, { cookie, signedBy: keys.findIndex(hasSigned) });
};

/** `GET /lab/source?file=…`: this project's own files, to show the code that ran. */
const showSource: StatelessHandler = async ({ query: { file = '' } }) => {
  const notFound = new HttpError(404, 'not_found', 'no such file is shown');
  if (!SHOWN.test(file)) throw notFound;
  const source = await readFile(new URL(file, ROOT), 'utf8').catch((error) => {
    throw error.code === 'ENOENT' ? notFound : error;
  });
  return text(200, source);
};

/** Every lesson's route. @param suggestions answers `GET /suggest` */
export const lessons = (suggestions: StatelessHandler): Route[] => [
  { method: 'GET', path: '/01-server', query: ['name'], handler: greet },
  { method: 'POST', path: '/02-server', form: 'any', handler: echo },
  { method: 'GET', path: '/lab/source', query: ['file'], handler: showSource },
  { method: 'GET', path: '/lab/status/:code', handler: answerWith },
  { method: 'GET', path: '/lab/slow', query: ['ms'], handler: answerLate },
  { method: 'GET', path: '/lab/drip', query: ['chunks', 'ms'], handler: drip },
  { method: 'GET', path: '/lab/cut', handler: cut },
  { method: 'GET', path: '/lab/level', session: true, handler: showLevel },
  { method: 'POST', path: '/lab/cookie', form: ['keys', 'cookie'], handler: signOrVerify },
  { method: 'GET', path: '/lab/suggest', query: ['q', 'lang', 'ms'], handler: late(suggestions) },
];

async function* pieces(chunks: number, ms: number, signal: AbortSignal): AsyncGenerator<string> {
  for (let number = 1; number <= chunks; number += 1) {
    if (number > 1) await sleep(ms, undefined, { signal });
    yield `piece ${number} of ${chunks} `.padEnd(PIECE_BYTES - 1, '.') + '\n';
  }
}

async function* brokenOff(signal: AbortSignal): AsyncGenerator<string> {
  yield 'This is the first half of an answer, and';
  await sleep(CUT_MS, undefined, { signal });
  throw new Error('cut off on purpose, for the lesson');
}

function wholeNumber(input: string | undefined, name: string, min: number, max: number): number {
  const value = Number(input);
  if (input !== undefined && /^\d{1,5}$/.test(input) && value >= min && value <= max) return value;
  throw outOfRange(`${name} must be a whole number from ${min} to ${max}`);
}

const outOfRange = (detail: string) => new HttpError(400, 'out_of_range', detail);
