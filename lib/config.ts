/**
 * The environment and the file `.env`, read once: text in, one typed `Config` out, and the only list
 * of settings. A wrong value, or a line that is not understood, stops the start.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseEnv } from 'node:util';
import type { Address } from './db/connect.ts';

/** Every setting, checked. */
export type Config = Readonly<ReturnType<typeof loadConfig>>;

/** A setting that cannot be used. Its message names the variable and never repeats a secret. */
export class ConfigError extends Error {}

type Read = (name: string) => string | undefined;

const YEAR_SECONDS = 31_536_000;
const PERCENT = 'in the user and the password write % as %25, / as %2F, ? as %3F, # as %23';
const MAKE_A_KEY = `node -p "require('crypto').randomBytes(32).toString('hex')"`;

/**
 * Reads the configuration.
 * @param env usually `process.env`, which wins over the file; an empty value counts as unset, but
 *   for SECRET_KEY
 * @param envFile the text of `.env`
 * @throws ConfigError that names the variable
 */
export function loadConfig(env: NodeJS.Dict<string>, envFile = '') {
  const file = parseEnv(envFile);
  const known = new Set<string>();
  const read: Read = (name) => {
    known.add(name);
    return env[name] ?? file[name];
  };
  const production = read('NODE_ENV') === 'production';
  const sessionStore = choice(read, 'SESSION_STORE', ['memory', 'database'], 'memory');
  // Sessions that outlive the process are lost when no process can verify their cookies.
  const withStore = sessionStore === 'database' ? 'with SESSION_STORE=database' : '';
  const keyRequired = production ? 'in production' : withStore;
  const config = {
    port: integer(read, 'PORT', 3000, 0, 65_535),
    host: read('HOST') || '127.0.0.1',
    /** `undefined` means: run a private database. */
    databaseUrl: databaseUrl(read('DATABASE_URL')),
    /** The first signs new cookies, every one is accepted: that is how a key is changed. */
    secretKeys: secretKeys(read('SECRET_KEY'), keyRequired),
    /** How long a session lives unused and at all, in ms, and how many the memory store holds. */
    sessions: {
      idleMs: 1000 * integer(read, 'SESSION_IDLE_SECONDS', 1800, 1, YEAR_SECONDS),
      absoluteMs: 1000 * integer(read, 'SESSION_MAX_AGE_SECONDS', 28_800, 1, YEAR_SECONDS),
      limit: integer(read, 'SESSION_LIMIT', 10_000, 1, 10_000_000),
    },
    sessionStore,
    /** How many proxies in front are believed for the client's address and for https. */
    trustProxy: integer(read, 'TRUST_PROXY', 0, 0, 10),
    /** Per client address; 0 for no limit. */
    checkUnamePerMinute: integer(read, 'CHECK_UNAME_PER_MINUTE', 60, 0, 1_000_000),
    /** Failed logins before waiting begins; 0 for no limit. */
    loginFailures: integer(read, 'LOGIN_FAILURES', 5, 0, 1000),
    /** Whether the lessons' own endpoints are served. */
    lab: choice(read, 'LAB', ['on', 'off'], production ? 'off' : 'on') === 'on',
    /** Whether each request prints a line. */
    log: choice(read, 'LOG', ['on', 'off'], 'on') === 'on',
  };
  checkFile(envFile, Object.keys(file), known);
  return config;
}

/** Refuses what `parseEnv` passes over: a name that is misspelt, a line that sets nothing. */
function checkFile(text: string, names: readonly string[], known: ReadonlySet<string>): void {
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) throw new ConfigError(`.env: "${unknown}" is no setting`);
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  if (lines.length === names.length) return;
  const found = `${lines.length} lines set ${names.length} names`;
  throw new ConfigError(`.env: ${found}; each line must be NAME=value, each name stand once`);
}

/** The text of `.env`; empty when there is none. @throws ConfigError when it is not UTF-8 */
export function readEnvFile(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigError('.env: the file is not UTF-8');
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function integer(read: Read, name: string, fallback: number, min: number, max: number) {
  const text = read(name) || `${fallback}`;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}

function choice<T extends string>(read: Read, name: string, all: readonly T[], fallback: T) {
  const text = read(name) || fallback;
  const found = all.find((one) => one === text);
  if (found !== undefined) return found;
  throw new ConfigError(`${name} must be "${all.join('" or "')}", not "${text}"`);
}

/** DATABASE_URL, read by Node's own URL parser. */
function databaseUrl(text: string | undefined): Address | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : new URL('none:');
  const parts = [url.hostname, url.username, url.password, url.pathname.slice(1)];
  const [host = '', user = '', password = '', database = ''] = parts.map(decode);
  const port = Number(url.port || 3306);
  const isForm = url.protocol === 'mysql:' && /^\/[^/]+$/.test(url.pathname) && url.hash === '';
  if (!isForm || host === '' || port === 0) throw badUrl(PERCENT);
  const tls = url.search === '?ssl=true';
  if (url.search !== '' && !tls) throw badUrl('with "?ssl=true" and nothing else behind it');
  const address = host.replace(/^\[|\]$/g, ''); // of an IPv6 address
  if (tls && isIP(address)) throw badUrl('with "?ssl=true" the host must be a name');
  return { host: address, port, user, password, database, tls };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badUrl(PERCENT);
  }
}

function badUrl(hint: string): ConfigError {
  const form = 'mysql://user:password@host:3306/ajax';
  return new ConfigError(`DATABASE_URL must look like ${form}; ${hint}`);
}

/** @param required where a key is required; empty where a random one will do */
function secretKeys(text: string | undefined, required: string): readonly string[] {
  if (text === undefined && required === '') return [randomBytes(32).toString('hex')];
  const keys = (text ?? '').split(',').map((key) => key.trim());
  if (keys.every((key) => key.length >= 32)) return keys;
  const what =
    text === undefined ? `set ${required}` : '32 characters or more (each key of "new,old")';
  throw new ConfigError(`SECRET_KEY must be ${what}; make one with: ${MAKE_A_KEY}`);
}
