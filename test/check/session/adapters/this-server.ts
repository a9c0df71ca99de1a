/** This server as an adapter: SESSION_STORE says where its sessions live, and FOLDER its database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../../../lib/app.ts';
import { loadConfig } from '../../../../lib/config.ts';
import { openDatabase } from '../../../../lib/db/queries.ts';
import { createDatabaseStore } from '../../../../lib/db/session-store.ts';
import { createLog } from '../../../../lib/log.ts';
import { createMemoryStore } from '../../../../lib/session/memory-store.ts';
import type { SessionStore } from '../../../../lib/session/store.ts';
import { onShutdown } from '../../../../lib/shutdown.ts';
import { contractRoutes } from './routes.ts';

// A bare `node --test` takes this file for a test.
if (process.env.NODE_TEST_CONTEXT === undefined) await serve();

async function serve(): Promise<void> {
  const { PORT, IDLE, MAX, FOLDER = '', SESSION_STORE } = process.env;
  const config = loadConfig({
    PORT,
    TRUST_PROXY: '1',
    SECRET_KEY: 'a secret for the checker and of no other use',
    LOG: 'off',
    SESSION_STORE,
    SESSION_IDLE_SECONDS: IDLE,
    SESSION_MAX_AGE_SECONDS: MAX,
  });
  const log = createLog(config.log);
  const database = openDatabase({ address: undefined, folder: FOLDER, onChange: () => {} });
  const memory = createMemoryStore(config.sessions);
  const slowMemory: SessionStore = {
    ...memory,
    create: slow(memory.create),
    regenerate: slow(memory.regenerate),
    patch: slow(memory.patch),
    destroy: slow(memory.destroy),
  };
  const isMemory = config.sessionStore === 'memory';
  const { server, drain } = createApp({
    config,
    database,
    log,
    staticFolder: fileURLToPath(new URL('../../../../static', import.meta.url)),
    store: isMemory ? slowMemory : createDatabaseStore({ ...config.sessions, database }),
    routes: contractRoutes(async () => {
      if (isMemory) return memory.size;
      const [row] = await database.select('SELECT COUNT(*) AS number FROM sessions', []);
      return Number(row?.number);
    }),
  });
  // The first query makes the database.
  if (!isMemory) await database.select('SELECT 1', []);
  server.listen(config.port, '127.0.0.1');
  onShutdown(async (remainingMs) => {
    await drain();
    await database.close(remainingMs());
  }, log);
}

/** A method that takes STORE_MS longer, as on a store that is reached over a network. */
function slow<Args extends unknown[], T>(write: (...args: Args) => Promise<T>) {
  return async (...args: Args): Promise<T> => {
    await sleep(Number(process.env.STORE_MS ?? 0));
    return write(...args);
  };
}
