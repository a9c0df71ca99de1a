/**
 * The same work in koa, with a Map for koa-session to store in: by itself it would put the data
 * into the cookie. The session is there for the session's routes only.
 */
import { createServer } from 'node:http';
import { exists, isWanted, listen, STATIC_FOLDER } from './setting.ts';

/** What the benchmark sends; nothing here checks it. */
interface Form {
  readonly value: string;
}

if (isWanted) await serve();

async function serve(): Promise<void> {
  const [
    { default: Koa },
    { default: Router },
    { bodyParser },
    { createSession },
    { default: files },
  ] = await Promise.all([
    import('koa'),
    import('@koa/router'),
    import('@koa/bodyparser'),
    import('koa-session'),
    import('koa-static'),
  ]);
  const app = new Koa();
  app.keys = ['a secret'];
  const router = new Router();

  router.get('/check-uname', async (context) => {
    const uname = String(context.query.uname);
    context.body = { uname, exists: await exists(uname) };
  });

  const sessions = new Map<string, unknown>();
  const withSession = createSession(
    {
      store: {
        get: async (id) => sessions.get(id),
        set: async (id, session) => void sessions.set(id, session),
        destroy: async (id) => void sessions.delete(id),
      },
    },
    app,
  );
  router.get('/session/:key', withSession, (context) => {
    const { key = '' } = context.params;
    context.body = { key, value: context.session?.[key] };
  });
  router.put('/session/:key', withSession, bodyParser({ enableTypes: ['form'] }), (context) => {
    const { key = '' } = context.params;
    const { value } = context.request.body as Form;
    context.session[key] = value;
    context.body = { key, value };
  });

  app.use(router.routes()).use(files(STATIC_FOLDER));
  listen(createServer(app.callback()));
}
