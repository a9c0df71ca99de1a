/** express-session as its README has it, with its store in memory; `secure` as the proxy says. */
import { promisify } from 'node:util';
import {
  type Data,
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

async function serve(): Promise<void> {
  const [{ default: express }, { default: session }] = await Promise.all([
    import('express'),
    import('express-session'),
  ]);
  const app = express();
  const store = new session.MemoryStore();
  if (STORE_MS > 0) {
    const set = store.set.bind(store);
    store.set = (...args) => void setTimeout(() => set(...args), STORE_MS);
  }
  const lifetime = IDLE === undefined ? {} : { maxAge: IDLE * 1000 };
  app.set('trust proxy', 1);
  app.use(
    session({
      secret: SECRET,
      store,
      resave: false,
      saveUninitialized: false,
      rolling: IDLE !== undefined,
      cookie: { secure: 'auto', sameSite: 'lax', ...lifetime },
    }),
  );
  app.use(express.urlencoded());

  app.get('/get', ({ session, query }, response) => {
    const value = (session as unknown as Data)[String(query.key)];
    if (value === undefined) response.status(404).end();
    else response.type('text').send(String(value));
  });
  app.get('/all', ({ session }, response) => {
    const { cookie, ...all } = session;
    response.json(all);
  });
  app.get('/whoami', ({ session }, response) => {
    response.type('text').send(String((session as unknown as Data).user ?? ''));
  });
  app.get('/count', async (_, response) => {
    response.send(String(await promisify(store.length.bind(store))()));
  });
  app.post('/set', async ({ session, body }, response) => {
    const { key, value, ms } = body as Form;
    await pause(ms);
    (session as unknown as Data)[key] = value;
    response.send('done');
  });
  app.post('/del', ({ session, body }, response) => {
    delete (session as unknown as Data)[(body as Form).key];
    response.send('done');
  });
  app.post('/login', async (request, response, next) => {
    const { user, ms } = request.body as Form;
    await pause(ms);
    request.session.regenerate((error) => {
      if (error) return next(error);
      (request.session as unknown as Data).user = user;
      request.session.save((failure) => (failure ? next(failure) : response.send('done')));
    });
  });
  app.post('/logout', (request, response, next) => {
    (request.session as unknown as Data).user = null;
    request.session.save((error) => {
      if (error) return next(error);
      request.session.regenerate((failure) => (failure ? next(failure) : response.send('done')));
    });
  });
  app.post('/fail', ({ session, body }) => {
    const { key, value } = body as Form;
    (session as unknown as Data)[key] = value;
    failOnPurpose();
  });
  app.listen(PORT, '127.0.0.1');
}
