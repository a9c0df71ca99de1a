/**
 * `GET /lab/level`, for the lesson on cookie against session: the same fact, once as the browser's
 * own cookie claims it and once as the session holds it. A server that acts on the first believes
 * whatever the visitor has written.
 */
import { parseCookie } from 'cookie';
import { json } from '../http/reply.ts';
import type { Handler } from './route.ts';

/**
 * Says nothing of what the session's cookie holds: its value is for the browser and the server
 * alone.
 */
export const showLevel: Handler = ({ cookies, session }) =>
  json(200, {
    cookieSays: parseCookie(cookies).level ?? null,
    sessionSays: session.get('page:level') ?? null,
    sessionCookies: sessionCookies(cookies),
    known: session.exists,
  });

/**
 * How many cookies of the session's name came along; which of them is good, only their signatures
 * say.
 */
function sessionCookies(header: string): number {
  return header.split(';').filter((pair) => /^\s*(?:__Host-)?sid=/.test(pair)).length;
}
