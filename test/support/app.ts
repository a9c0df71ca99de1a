/**
 * A whole server for a test: the real application on a free port, with the limits off that would
 * get in a test's way. Closed when the test ends.
 */
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AppOptions, createApp } from '../../lib/app.ts';
import { type Config, loadConfig } from '../../lib/config.ts';
import type { Database } from '../../lib/db/queries.ts';
import { openDatabase } from '../../lib/db/queries.ts';
import type { Log } from '../../lib/log.ts';
import { atEnd } from './at-end.ts';
import { addressOf } from './database.ts';
import { createTestStore, isInDatabase } from './session-store.ts';

export const STATIC_FOLDER = fileURLToPath(new URL('../../static', import.meta.url));

export interface TestApp {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly port: number;
  /** What the log was told, a line each. */
  readonly lines: readonly string[];
}

type Options = Partial<Omit<AppOptions, 'config' | 'log'>> & { config?: Partial<Config> };

const STORE = isInDatabase ? ({ sessionStore: 'database' } as const) : {};

/**
 * Starts the application.
 * @param options what differs from the defaults; without a database, every query finds none
 */
export async function startApp(t: TestContext, options: Options = {}): Promise<TestApp> {
  const { database = noDatabase(t), staticFolder = STATIC_FOLDER, ...others } = options;
  const lines: string[] = [];
  const defaults = loadConfig({ CHECK_UNAME_PER_MINUTE: '0', LOGIN_FAILURES: '0' });
  const config: Config = { ...defaults, ...STORE, ...options.config };
  const { server, drain } = createApp({
    store: await createTestStore({ ...config.sessions, now: options.now }),
    ...others,
    config,
    database,
    staticFolder,
    log: logTo(lines),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, async () => {
    server.closeAllConnections();
    await drain();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, port, lines };
}

/** A database at an address where there is none: each query really fails. */
function noDatabase(t: TestContext): Database {
  const address = addressOf('mysql://nobody@127.0.0.1:1/ajax');
  const database = openDatabase({ address, folder: '', onChange: () => {} });
  atEnd(t, () => database.close());
  return database;
}

function logTo(lines: string[]): Log {
  return {
    request: ({ method, url, status }) => void lines.push(`${method} ${url} ${status}`),
    info: (line) => void lines.push(line),
    warnOnce: (line) => void (lines.includes(line) || lines.push(line)),
    error: (what, error) => void lines.push(`${what}: ${String(error)}`),
  };
}
