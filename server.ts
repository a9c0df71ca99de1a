/**
 * The start: configuration → database → app → listen, and on a signal back again in the other
 * order. This file exports nothing; everything it ties together can be made by a test as well.
 */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createApp } from './lib/app.ts';
import { type Config, ConfigError, loadConfig, readEnvFile } from './lib/config.ts';
import { openDatabase } from './lib/db/queries.ts';
import { createLog } from './lib/log.ts';
import { stopWhenTold } from './lib/shutdown.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const config = readConfig();
const log = createLog(config.log);
const database = openDatabase({
  address: config.databaseUrl,
  folder: here('.data'),
  onChange: (line) => log.info(line),
});
const { server, drain } = createApp({ config, database, log, staticFolder: here('static') });
server.once('error', failedToListen);
server.listen(config.port, config.host, () => {
  server.off('error', failedToListen);
  // One connection that could not be accepted is no reason to refuse all the others.
  server.on('error', (error) => log.error('cannot accept a connection', error));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  log.info(`http://${host}:${port}/`);
  // Begins to connect; whatever comes of it is told by `onChange`, and each request tries again.
  database.select('SELECT 1', []).catch(() => {});
});
stopWhenTold(async (left) => {
  await drain();
  await database.close(left());
}, log);

function readConfig(): Config {
  try {
    return loadConfig(process.env, readEnvFile(here('.env')));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function failedToListen(error: NodeJS.ErrnoException): void {
  const where = `${config.host}:${config.port}`;
  const reason = error.code === 'EADDRINUSE' ? 'the port is in use; set PORT' : error.message;
  console.error(`cannot listen on ${where}: ${reason}`);
  process.exit(1);
}
