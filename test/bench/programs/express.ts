/**
 * The same work in express, with express-session and its own store in memory, or another that
 * BENCH_STORE names. The session is there for the session's routes only.
 */
import { createServer } from 'node:http';
import { exists, isWanted, listen, STATIC_FOLDER } from './setting.ts';
import { sessionStore } from './store.ts';

declare module 'express-session' {
  interface SessionData {
    values: Record<string, string>;
  }
}

/** What the benchmark sends; nothing here checks it. */
interface Form {
  readonly value: string;
}

if (isWanted) await serve();

async function serve(): Promise<void> {
  const [{ default: express }, { default: createSession }] = await Promise.all([
    import('express'),
    import('express-session'),
  ]);
  const app = express();

  app.get('/check-uname', async (request, response) => {
    const uname = String(request.query.uname);
    response.json({ uname, exists: await exists(uname) });
  });

  const settings = { secret: 'a secret', resave: false, saveUninitialized: false };
  app.use('/session', createSession({ ...settings, ...(await sessionStore(createSession)) }));
  app.get('/session/:key', (request, response) => {
    const { key } = request.params;
    response.json({ key, value: request.session.values?.[key] });
  });
  app.put('/session/:key', express.urlencoded({ extended: false }), (request, response) => {
    const { key } = request.params;
    const { value } = request.body as Form;
    request.session.values = { ...request.session.values, [key]: value };
    response.json({ key, value });
  });

  app.use(express.static(STATIC_FOLDER));
  listen(createServer(app));
}
