/** The session layer under fastify: opened before a handler, closed before the response is sent. */
import { createSessionCookie } from '../../../../lib/session/cookie.ts';
import { createMemoryStore } from '../../../../lib/session/memory-store.ts';
import { createSessions } from '../../../../lib/session/sessions.ts';

/** Makes the application; the caller lets it listen. */
export async function createFastifyApp(secretKey: string) {
  const { default: createFastify } = await import('fastify');
  const store = createMemoryStore({ idleMs: 1_800_000, absoluteMs: 28_800_000, limit: 10_000 });
  const sessions = createSessions<{ visits: number }>(store, createSessionCookie([secretKey]));
  const opened = new WeakMap<object, Awaited<ReturnType<typeof sessions.open>>>();
  setInterval(() => sessions.sweep().catch(console.error), 1000).unref();

  const app = createFastify();
  app.addHook('onRequest', async (request) => {
    opened.set(request, await sessions.open(request.headers.cookie ?? '', false));
  });
  app.addHook('onSend', async (request, reply) => {
    reply.headers({ vary: 'Cookie', 'cache-control': 'no-store' });
    // A handler that failed has changed nothing.
    const cookies = reply.statusCode < 400 ? await opened.get(request)?.close() : [];
    for (const cookie of cookies ?? []) reply.header('set-cookie', cookie);
  });
  app.all('/*', async (request) => {
    const session = opened.get(request)?.session;
    if (session === undefined) throw new Error('the hook has not run');
    const visits = (session.get('visits') ?? 0) + 1;
    session.set('visits', visits);
    if (request.method === 'POST' && request.url === '/login') session.regenerate('ann');
    if (request.method === 'POST' && request.url === '/logout') session.destroy();
    return `visit ${visits}\n`;
  });
  return app;
}
