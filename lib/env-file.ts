/**
 * No setting is lost without a word: the file `.env`, read strictly. Node's own `parseEnv` passes
 * over what it does not understand, and often over the line behind it: the first line behind a byte
 * order mark, a file in UTF-16, a password from its `#` on. Here what cannot be read as it was meant
 * is an error that names the line.
 */
import { readFileSync } from 'node:fs';
import { ConfigError } from './config.ts';

/** The variables that `config.ts` reads; NODE_ENV says only whether this is production. */
const NAMES =
  'NODE_ENV PORT HOST DATABASE_URL SECRET_KEY SESSION_IDLE_SECONDS SESSION_MAX_AGE_SECONDS ' +
  'SESSION_LIMIT SESSION_STORE TRUST_PROXY CHECK_UNAME_PER_MINUTE LOGIN_FAILURES LAB LOG';
export const SETTINGS: ReadonlySet<string> = new Set(NAMES.split(' '));

const LINE = /^(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;
/** In quotes, which stand for nothing but themselves inside; or without any, and without a `#`. */
const QUOTED = /^\s*(["'`])((?:(?!\1).)*)\1\s*(?:#.*)?$/;
const PLAIN = /^\s*([^"'`#]*?)(?:\s+#.*)?$/;

/**
 * The variables of the file; none when there is no such file.
 * @throws ConfigError, with the number of the line
 */
export function readEnvFile(path: string): NodeJS.Dict<string> {
  const variables: NodeJS.Dict<string> = {};
  const lines = textOf(path).split(/\r\n?|\n/);
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const wrong = (why: string) => new ConfigError(`${path}, line ${index + 1}: ${why}`);
    const [, name, right = ''] = LINE.exec(text) ?? [];
    if (name === undefined) throw wrong('expected NAME=value');
    if (!SETTINGS.has(name)) throw wrong(`${name} is no setting that is read from this file`);
    if (Object.hasOwn(variables, name)) throw wrong(`${name} is set further up already`);
    const value = QUOTED.exec(right)?.[2] ?? PLAIN.exec(right)?.[1];
    if (value === undefined) throw wrong('write a value with a quote or a # in it as NAME="value"');
    variables[name] = value;
  }
  return variables;
}

function textOf(path: string): string {
  try {
    // Takes a byte order mark away, and refuses what is no UTF-8.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (!text.includes('\0')) return text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    if (!(error instanceof TypeError)) throw error;
  }
  throw new ConfigError(`${path}, line 1: the file is not UTF-8; save it in that encoding`);
}
