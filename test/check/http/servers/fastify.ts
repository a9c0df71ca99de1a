/** Fastify as it comes, out of the benchmark's packages. */
import { createRequire } from 'node:module';
import { PAGE, tell } from './listen.ts';

const require = createRequire(new URL('../../../bench/package.json', import.meta.url));

const app = require('fastify')();
app.register(require('@fastify/formbody'));
app.get('/', (_request: unknown, reply: { type(type: string): { send(body: string): void } }) => {
  reply.type('text/html').send(PAGE);
});
app.post('/form', async () => 'taken');
await app.listen({ port: 0, host: '127.0.0.1' });
tell(app.server);
