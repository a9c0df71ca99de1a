/** cookie-session: the session itself in a signed cookie. */
import {
  type Data,
  type Form,
  failOnPurpose,
  IDLE,
  isWanted,
  PORT,
  pause,
  SECRET,
} from './setting.ts';

if (isWanted) await serve();

async function serve(): Promise<void> {
  const [{ default: express }, { default: session }] = await Promise.all([
    import('express'),
    import('cookie-session'),
  ]);
  const app = express();
  const lifetime = IDLE === undefined ? {} : { maxAge: IDLE * 1000 };
  app.set('trust proxy', 1);
  app.use(session({ keys: [SECRET], sameSite: 'lax', ...lifetime }));
  app.use(express.urlencoded());
  // As its README extends a session: each use changes it.
  app.use((request, _response, next) => {
    const session = dataOf(request);
    if (IDLE !== undefined && session.isPopulated)
      session.nowInSeconds = Math.floor(Date.now() / 1000);
    next();
  });

  app.get('/get', (request, response) => {
    const value = dataOf(request)[String(request.query.key)];
    if (value === undefined) response.status(404).end();
    else response.type('text').send(String(value));
  });
  app.get('/all', (request, response) => {
    response.json({ ...dataOf(request) });
  });
  app.get('/whoami', (request, response) => {
    response.type('text').send(String(dataOf(request).user ?? ''));
  });
  app.post('/set', async (request, response) => {
    const { key, value, ms } = request.body as Form;
    await pause(ms);
    dataOf(request)[key] = value;
    response.send('done');
  });
  app.post('/del', (request, response) => {
    delete dataOf(request)[(request.body as Form).key];
    response.send('done');
  });
  app.post('/login', async (request, response) => {
    const { user, ms } = request.body as Form;
    await pause(ms);
    dataOf(request).user = user;
    response.send('done');
  });
  app.post('/logout', (request, response) => {
    Object.assign(request, { session: null });
    response.send('done');
  });
  app.post('/fail', (request) => {
    const { key, value } = request.body as Form;
    dataOf(request)[key] = value;
    failOnPurpose();
  });
  app.listen(PORT, '127.0.0.1');
}

/** The types of express-session, which is installed beside it, claim `request.session`. */
function dataOf(request: unknown): Data {
  return (request as { session: Data }).session;
}
