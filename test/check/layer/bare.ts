/**
 * The session layer in a server of its own: the folder `lib/session/`, the package `cookie`, and
 * these lines. A server for browsers also checks where a POST comes from: `lib/http/csrf.ts`.
 */
import { createServer } from 'node:http';
import { createSessionCookie } from '../../../lib/session/cookie.ts';
import { createMemoryStore } from '../../../lib/session/memory-store.ts';
import { createSessions } from '../../../lib/session/sessions.ts';
import { SessionEnded } from '../../../lib/session/store.ts';

/** Makes the server; the caller lets it listen. */
export function createBareServer(secretKey: string) {
  const store = createMemoryStore({ idleMs: 1_800_000, absoluteMs: 28_800_000, limit: 10_000 });
  const sessions = createSessions<{ visits: number }>(store, createSessionCookie([secretKey]));
  setInterval(() => sessions.sweep().catch(console.error), 1000).unref();

  return createServer(async ({ method, url, headers }, response) => {
    response.setHeader('Vary', 'Cookie').setHeader('Cache-Control', 'no-store');
    try {
      const isHttps = false; // then the cookie is `Secure`, and its name begins with `__Host-`
      const { session, close } = await sessions.open(headers.cookie ?? '', isHttps);
      const visits = (session.get('visits') ?? 0) + 1;
      session.set('visits', visits);
      if (method === 'POST' && url === '/login') session.regenerate('ann');
      if (method === 'POST' && url === '/logout') session.destroy();
      // Stored before the response says so.
      response.setHeader('Set-Cookie', await close()).end(`visit ${visits}\n`);
    } catch (error) {
      if (!(error instanceof SessionEnded)) console.error(error);
      response.writeHead(error instanceof SessionEnded ? 409 : 500).end();
    }
  });
}
