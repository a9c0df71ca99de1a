/**
 * The environment, read once and checked whole: text in, one typed `Config` out. Nothing else in
 * the project takes a setting from `process.env`. A wrong value stops the start with the variable's name and
 * what it should have been, because a server that guesses its settings is found out in production.
 */
import { randomBytes } from 'node:crypto';
import { type Address, readAddress } from './db/address.ts';

/** Every setting, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where the database is; `undefined` means: run a private one. */
  readonly databaseUrl: Address | undefined;
  /** The first key signs new cookies, every key is accepted: that is how a key is changed. */
  readonly secretKeys: readonly string[];
  /** How long a session lives unused and at all, in ms, and how many there are at most. */
  readonly sessions: { readonly idleMs: number; readonly maxAgeMs: number; readonly limit: number };
  /** Where sessions live. */
  readonly sessionStore: 'memory' | 'database';
  /** How many proxies in front are believed for the client's address and for https. */
  readonly trustProxy: number;
  /** Per client address; 0 for no limit. */
  readonly checkUnamePerMinute: number;
  /** Failed logins before waiting begins; 0 for no limit. */
  readonly loginFailures: number;
  /** Whether the lessons' own endpoints are served. */
  readonly lab: boolean;
  /** Whether each request prints a line. */
  readonly log: boolean;
}

/** A setting that cannot be used. Its message names the variable and never repeats a secret. */
export class ConfigError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are read; NODE_ENV says only whether this is production. */
export const SETTINGS: ReadonlySet<string> = new Set([
  'NODE_ENV',
  'PORT',
  'HOST',
  'DATABASE_URL',
  'SECRET_KEY',
  'SESSION_IDLE_SECONDS',
  'SESSION_MAX_AGE_SECONDS',
  'SESSION_LIMIT',
  'SESSION_STORE',
  'TRUST_PROXY',
  'CHECK_UNAME_PER_MINUTE',
  'LOGIN_FAILURES',
  'LAB',
  'LOG',
]);

const STORES = ['memory', 'database'] as const;
const ON_OFF = ['on', 'off'] as const;
const YEAR_SECONDS = 31_536_000;
const MAKE_A_KEY = `node -p "require('crypto').randomBytes(32).toString('hex')"`;

/**
 * Reads the configuration.
 * @param env usually `process.env`; an empty value counts as unset, but for SECRET_KEY
 * @throws ConfigError naming the variable
 */
export function loadConfig(env: Environment): Config {
  const production = env.NODE_ENV === 'production';
  const sessionStore = oneOf(env, 'SESSION_STORE', STORES, 'memory');
  // Sessions that outlive us are worth nothing if nobody can verify their cookies any more.
  const withStore = sessionStore === 'database' ? 'with SESSION_STORE=database' : '';
  const needOfKey = production ? 'in production' : withStore;
  return {
    port: whole(env, 'PORT', 3000, 0, 65_535),
    host: env.HOST || '127.0.0.1',
    databaseUrl: databaseUrl(env.DATABASE_URL),
    secretKeys: secretKeys(env.SECRET_KEY, needOfKey),
    sessions: {
      idleMs: 1000 * whole(env, 'SESSION_IDLE_SECONDS', 1800, 1, YEAR_SECONDS),
      maxAgeMs: 1000 * whole(env, 'SESSION_MAX_AGE_SECONDS', 28_800, 1, YEAR_SECONDS),
      limit: whole(env, 'SESSION_LIMIT', 100_000, 1, 10_000_000),
    },
    sessionStore,
    trustProxy: whole(env, 'TRUST_PROXY', 0, 0, 10),
    checkUnamePerMinute: whole(env, 'CHECK_UNAME_PER_MINUTE', 60, 0, 1_000_000),
    loginFailures: whole(env, 'LOGIN_FAILURES', 5, 0, 1000),
    lab: oneOf(env, 'LAB', ON_OFF, production ? 'off' : 'on') === 'on',
    log: oneOf(env, 'LOG', ON_OFF, 'on') === 'on',
  };
}

function whole(env: Environment, name: string, otherwise: number, min: number, max: number) {
  const text = env[name];
  if (!text) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

function oneOf<T extends string>(env: Environment, name: string, all: readonly T[], otherwise: T) {
  const text = env[name];
  if (!text) return otherwise;
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
  if (text === undefined) {
    if (need === '') return [randomBytes(32).toString('hex')];
    throw new ConfigError(`SECRET_KEY must be set ${need}; make one with: ${MAKE_A_KEY}`);
  }
  const keys = text.split(',').map((key) => key.trim());
  if (keys.some((key) => key.length < 32)) {
    throw new ConfigError(
      `SECRET_KEY must be 32 characters or more (each key of "new,old"); make one with: ${MAKE_A_KEY}`,
    );
  }
  return keys;
}
