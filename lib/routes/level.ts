/**
 * `GET /lab/level`, for the lesson on cookie against session: the same fact, once as the browser's
 * own cookie claims it and once as the session holds it. A server that acts on the first believes
 * whatever the visitor has written.
 */
import { parseCookie } from 'cookie';
import { json } from '../http/reply.ts';
import type { Handler } from './route.ts';

const SESSION_COOKIE = /^\s*(?:__Host-)?sid=/;

/** Of the session's cookie only how many came along: its value is for browser and server alone. */
export const showLevel: Handler = ({ cookies, session }) =>
  json(200, {
    cookieSays: parseCookie(cookies).level ?? null,
    sessionSays: session.get('page:level') ?? null,
    sessionCookies: cookies.split(';').filter((pair) => SESSION_COOKIE.test(pair)).length,
    known: session.exists,
  });
