/** The store in Redis: what an implementer of `SessionStore` writes is the call of `checkStore`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { checkStore } from '../../store.ts';
import { createRedisStore } from './redis-store.ts';

// `npm run test:layer` installs what it needs.
if (process.env.LAYER !== undefined) {
  const client = await startRedis();
  checkStore(
    'the store in Redis',
    async (settings) => {
      await client.flushDb();
      return createRedisStore({ ...settings, client });
    },
    { limited: false, sweeps: false },
  );
}

/** A Redis of its own, on a socket, which ends with the tests. */
async function startRedis() {
  const { createClient } = await import('redis');
  const folder = await mkdtemp(join(tmpdir(), 'ajax-redis-'));
  const path = join(folder, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const exited = once(server, 'exit');
  const client = createClient({ socket: { path, reconnectStrategy: 50 } });
  client.on('error', () => {}); // until the server listens
  after(async () => {
    client.destroy();
    server.kill();
    await exited;
    await rm(folder, { recursive: true });
  });
  await client.connect();
  return client;
}
