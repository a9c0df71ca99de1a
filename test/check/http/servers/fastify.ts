/** Fastify as it comes, out of the benchmark's packages. */
import { createRequire } from 'node:module';
import { isRun, PAGE, tell } from './listen.ts';

interface Reply {
  type(name: string): { send(body: string): void };
}

const require = createRequire(new URL('../../../bench/package.json', import.meta.url));

if (isRun) {
  const app = require('fastify')();
  app.register(require('@fastify/formbody'));
  app.get('/', (_: unknown, reply: Reply) => reply.type('text/html').send(PAGE));
  app.post('/form', async () => 'taken');
  await app.listen({ port: 0, host: '127.0.0.1' });
  tell(app.server);
}
