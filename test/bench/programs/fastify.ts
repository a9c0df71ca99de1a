/**
 * The same work in fastify, with its own plugins, and sessions in memory or where BENCH_STORE says.
 * The session is there for the session's routes only, which is faster than having it everywhere.
 */
import { exists, isWanted, STATIC_FOLDER } from './setting.ts';
import { sessionStore } from './store.ts';

declare module 'fastify' {
  interface Session {
    values?: Record<string, string>;
  }
}

if (isWanted) await serve();

async function serve(): Promise<void> {
  const [
    { default: createFastify },
    { default: files },
    { default: forms },
    { default: cookies },
    { default: sessions },
  ] = await Promise.all([
    import('fastify'),
    import('@fastify/static'),
    import('@fastify/formbody'),
    import('@fastify/cookie'),
    import('@fastify/session'),
  ]);
  const app = createFastify();
  app.register(files, { root: STATIC_FOLDER });

  app.get<{ Querystring: { uname: string } }>('/check-uname', async (request) => {
    const { uname } = request.query;
    return { uname, exists: await exists(uname) };
  });

  const store = await sessionStore(undefined);
  app.register(forms);
  app.register(async (scope) => {
    scope.register(cookies);
    scope.register(sessions, {
      secret: 'a secret with at least thirty-two characters',
      cookie: { secure: false },
      saveUninitialized: false,
      ...store,
    });
    scope.get<{ Params: { key: string } }>('/session/:key', async (request) => {
      const { key } = request.params;
      return { key, value: request.session.get('values')?.[key] };
    });
    scope.put<{ Params: { key: string }; Body: { value: string } }>(
      '/session/:key',
      async (request) => {
        const { key } = request.params;
        const { value } = request.body;
        request.session.set('values', { ...request.session.get('values'), [key]: value });
        return { key, value };
      },
    );
  });

  console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
}
