/**
 * The start: configuration → database → app → listen, and on a signal back again in the other order. This
 * file exports nothing; everything it ties together can be made by a test as well.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { createApp } from './lib/app.ts';
import { type Config, ConfigError, loadConfig } from './lib/config.ts';
import { openDatabase } from './lib/db/database.ts';
import { createLog } from './lib/log.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const config = readConfig();
const log = createLog(config.log);
const database = openDatabase({
  url: config.databaseUrl,
  folder: here('.data'),
  onChange: (line) => log.info(line),
});
// Begins to connect; whatever comes of it is told by `onChange`, and each request tries again.
database.select('SELECT 1', []).catch(() => {});

const { server, drain } = createApp({ config, database, log, staticFolder: here('static') });
server.once('error', failedToListen);
server.listen(config.port, config.host, () => {
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  log.info(`http://${host}:${port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
// One request's forgotten promise must not take all the others down.
process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason));

async function stop(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => process.exit(1));
  }
  await drain();
  await database.close();
  process.exit(0);
}

function readConfig(): Config {
  try {
    return loadConfig({ ...readDotEnv(), ...process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** The file `.env`, if there is one; the real environment wins over it. */
function readDotEnv(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(here('.env'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

async function failedToListen(error: NodeJS.ErrnoException): Promise<void> {
  const where = `${config.host}:${config.port}`;
  const reason = error.code === 'EADDRINUSE' ? 'the port is in use; set PORT' : error.message;
  console.error(`cannot listen on ${where}: ${reason}`);
  await database.close();
  process.exit(1);
}
