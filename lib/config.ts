/**
 * The environment, read once and checked whole: text in, one typed `Config` out. A wrong value
 * stops the start: a server that guesses is found out in production.
 */
import { randomBytes } from 'node:crypto';
import { type Address, readAddress } from './db/address.ts';

/** Every setting, checked. */
export type Config = Readonly<ReturnType<typeof loadConfig>>;

/** A setting that cannot be used. Its message names the variable and never repeats a secret. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const YEAR_SECONDS = 31_536_000;
const MAKE_A_KEY = `node -p "require('crypto').randomBytes(32).toString('hex')"`;

/**
 * Reads the configuration.
 * @param env usually `process.env`; an empty value counts as unset, but for SECRET_KEY
 * @throws ConfigError naming the variable
 */
export function loadConfig(env: Environment) {
  const production = env.NODE_ENV === 'production';
  const sessionStore = oneOf(env, 'SESSION_STORE', ['memory', 'database'], 'memory');
  // Sessions that outlive us are worth nothing if nobody can verify their cookies any more.
  const withStore = sessionStore === 'database' ? 'with SESSION_STORE=database' : '';
  const needOfKey = production ? 'in production' : withStore;
  return {
    port: whole(env, 'PORT', 3000, 0, 65_535),
    host: env.HOST || '127.0.0.1',
    /** `undefined` means: run a private database. */
    databaseUrl: databaseUrl(env.DATABASE_URL),
    /** The first signs new cookies, every one is accepted: that is how a key is changed. */
    secretKeys: secretKeys(env.SECRET_KEY, needOfKey),
    /** How long a session lives unused and at all, in ms, and how many there are at most. */
    sessions: {
      idleMs: 1000 * whole(env, 'SESSION_IDLE_SECONDS', 1800, 1, YEAR_SECONDS),
      maxAgeMs: 1000 * whole(env, 'SESSION_MAX_AGE_SECONDS', 28_800, 1, YEAR_SECONDS),
      limit: whole(env, 'SESSION_LIMIT', 100_000, 1, 10_000_000),
    },
    /** Where sessions live. */
    sessionStore,
    /** How many proxies in front are believed for the client's address and for https. */
    trustProxy: whole(env, 'TRUST_PROXY', 0, 0, 10),
    /** Per client address; 0 for no limit. */
    checkUnamePerMinute: whole(env, 'CHECK_UNAME_PER_MINUTE', 60, 0, 1_000_000),
    /** Failed logins before waiting begins; 0 for no limit. */
    loginFailures: whole(env, 'LOGIN_FAILURES', 5, 0, 1000),
    /** Whether the lessons' own endpoints are served. */
    lab: oneOf(env, 'LAB', ['on', 'off'], production ? 'off' : 'on') === 'on',
    /** Whether each request prints a line. */
    log: oneOf(env, 'LOG', ['on', 'off'], 'on') === 'on',
  };
}

function whole(env: Environment, name: string, otherwise: number, min: number, max: number) {
  const text = env[name] || `${otherwise}`;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}

function oneOf<T extends string>(env: Environment, name: string, all: readonly T[], otherwise: T) {
  const text = env[name] || otherwise;
  const found = all.find((one) => one === text);
  if (found !== undefined) return found;
  throw new ConfigError(`${name} must be "${all.join('" or "')}", not "${text}"`);
}

function databaseUrl(text: string | undefined): Address | undefined {
  try {
    return text ? readAddress(text) : undefined;
  } catch (error) {
    throw error instanceof Error ? new ConfigError(error.message) : error;
  }
}

/** @param need why no key may be made up; empty if one may */
function secretKeys(text: string | undefined, need: string): readonly string[] {
  if (text === undefined && need === '') return [randomBytes(32).toString('hex')];
  const keys = (text ?? '').split(',').map((key) => key.trim());
  if (keys.every((key) => key.length >= 32)) return keys;
  const what = text === undefined ? `set ${need}` : '32 characters or more (each key of "new,old")';
  throw new ConfigError(`SECRET_KEY must be ${what}; make one with: ${MAKE_A_KEY}`);
}
