/** @fastify/session with its store in memory; `secure` as the proxy says. */
import type { FastifyRequest } from 'fastify';
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

/** Any key, as the contract wants it. */
interface AnyKey {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

async function serve(): Promise<void> {
  const [{ default: fastify }, { default: forms }, { default: cookies }, { default: sessions }] =
    await Promise.all([
      import('fastify'),
      import('@fastify/formbody'),
      import('@fastify/cookie'),
      import('@fastify/session'),
    ]);
  const app = fastify({ trustProxy: true });
  const stored = new Map();
  const store = new sessions.MemoryStore(stored);
  if (STORE_MS > 0) {
    const set = store.set.bind(store);
    store.set = (...args) => void setTimeout(() => set(...args), STORE_MS);
  }
  const lifetime = IDLE === undefined ? {} : { maxAge: IDLE * 1000 };
  app.register(forms);
  app.register(cookies);
  app.register(sessions, {
    secret: SECRET,
    store,
    saveUninitialized: false,
    rolling: IDLE !== undefined,
    cookie: { secure: 'auto', sameSite: 'lax', ...lifetime },
  });
  const dataOf = ({ session }: FastifyRequest) => session as unknown as AnyKey;
  const formOf = ({ body }: FastifyRequest) => body as Form;

  app.get('/get', async (request, reply) => {
    const value = dataOf(request).get((request.query as Form).key);
    if (value === undefined) return reply.code(404).send();
    return reply.type('text/plain; charset=utf-8').send(String(value));
  });
  app.get('/all', async ({ session }) => {
    const { cookie, ...all } = session;
    return all;
  });
  app.get('/whoami', async (request) => dataOf(request).get('user') ?? '');
  app.get('/count', async () => String(stored.size));
  app.post('/set', async (request) => {
    const { key, value, ms } = formOf(request);
    await pause(ms);
    dataOf(request).set(key, value);
    return 'done';
  });
  app.post('/del', async (request) => {
    dataOf(request).set(formOf(request).key, undefined);
    return 'done';
  });
  app.post('/login', async (request) => {
    const { user, ms } = formOf(request);
    await pause(ms);
    await request.session.regenerate();
    dataOf(request).set('user', user);
    return 'done';
  });
  app.post('/logout', async (request) => {
    await request.session.destroy();
    return 'done';
  });
  app.post('/fail', async (request) => {
    const { key, value } = formOf(request);
    dataOf(request).set(key, value);
    failOnPurpose();
  });
  await app.listen({ port: PORT, host: '127.0.0.1' });
}
