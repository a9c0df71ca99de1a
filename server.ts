/** The start: config → database → app → listen; and the graceful shutdown. Exports nothing. */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createApp } from './lib/app.ts';
import { type Config, ConfigError, loadConfig, readEnvFile } from './lib/config.ts';
import { openDatabase } from './lib/db/queries.ts';
import { createLog } from './lib/log.ts';
import { onShutdown } from './lib/shutdown.ts';

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
  // Descriptors may run out: one connection that is not accepted does not end the others.
  server.on('error', (error) => log.error('cannot accept a connection', error));
  // A server that listens on a port has an address of this type.
  logAddress(server.address() as AddressInfo);
  // Connects now, not at the first request; `onChange` logs the result.
  database.select('SELECT 1', []).catch(() => {});
});
onShutdown(async (remainingMs) => {
  await drain();
  await database.close(remainingMs());
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

function logAddress({ address, port }: AddressInfo): void {
  // No browser opens the unspecified address.
  const isEverywhere = address === '0.0.0.0' || address === '::';
  const host = isEverywhere ? '127.0.0.1' : config.host;
  log.info(`http://${host.includes(':') ? `[${host}]` : host}:${port}/`);
  if (isEverywhere) log.info(`listening on all addresses of this machine (HOST=${config.host})`);
}

function failedToListen({ code, message }: NodeJS.ErrnoException): void {
  const otherwise = `${message}; set HOST to an address of this machine, or to 127.0.0.1`;
  const reason = code === 'EADDRINUSE' ? 'the port is in use; set PORT' : otherwise;
  console.error(`cannot listen on ${config.host}:${config.port}: ${reason}`);
  process.exit(1);
}
