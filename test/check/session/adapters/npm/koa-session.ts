/** koa-session: with STORE=map in a store outside the cookie, else in the cookie, its default. */
import {
  type Form,
  failOnPurpose,
  IDLE,
  isWanted,
  PORT,
  pause,
  SECRET,
  STORE_MS,
} from './setting.ts';

if (isWanted) await serve();

const DEFAULT_MAX_AGE = 86_400_000;

async function serve(): Promise<void> {
  const [{ default: Koa }, { bodyParser }, { createSession }] = await Promise.all([
    import('koa'),
    import('@koa/bodyparser'),
    import('koa-session'),
  ]);
  const app = new Koa({ proxy: true, keys: [SECRET] });
  app.silent = true;
  const sessions = new Map<string, { readonly text: string; readonly end: number }>();
  const store = {
    async get(id: string) {
      const found = sessions.get(id);
      return found && found.end > Date.now() ? JSON.parse(found.text) : undefined;
    },
    async set(id: string, session: unknown, maxAge?: number | 'session') {
      const end = Date.now() + (Number(maxAge) || DEFAULT_MAX_AGE);
      const text = JSON.stringify(session);
      await pause(String(STORE_MS));
      sessions.set(id, { text, end });
    },
    async destroy(id: string) {
      sessions.delete(id);
    },
  };
  const isInStore = process.env.STORE === 'map';
  const lifetime = IDLE === undefined ? {} : { maxAge: IDLE * 1000, rolling: true };
  app.use(createSession({ sameSite: 'lax', ...lifetime, ...(isInStore ? { store } : {}) }, app));
  app.use(bodyParser({ enableTypes: ['form'] }));
  app.use(async (context) => {
    const { session, query, request, method, path } = context;
    const { key, value, user, ms } = (request.body ?? {}) as Form;
    context.body = 'done';
    switch (`${method === 'HEAD' ? 'GET' : method} ${path}`) {
      case 'GET /get': {
        const found = session[String(query.key)];
        context.status = found === undefined ? 404 : 200;
        context.body = String(found ?? '');
        break;
      }
      case 'GET /all':
        context.body = session.toJSON();
        break;
      case 'GET /whoami':
        context.body = session.user ?? '';
        break;
      case 'GET /count':
        context.status = isInStore ? 200 : 404;
        context.body = String(sessions.size);
        break;
      case 'POST /set':
        await pause(ms);
        session[key] = value;
        break;
      case 'POST /del':
        delete session[key];
        break;
      case 'POST /login':
        await pause(ms);
        await session.regenerate();
        context.session.user = user;
        break;
      case 'POST /logout':
        context.session = null;
        break;
      case 'POST /fail':
        session[key] = value;
        failOnPurpose();
        break;
      default:
        context.status = 404;
    }
  });
  app.listen(PORT, '127.0.0.1');
}
