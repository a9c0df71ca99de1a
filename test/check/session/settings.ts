/** What the checker reads from its command line. */
import { parseArgs } from 'node:util';

export interface Settings {
  /** Where the adapter answers; a path in it stands in front of the contract's paths. */
  readonly url: URL;
  /** Whether every request says, as a proxy does, that the browser speaks https. */
  readonly https: boolean;
  /** After how long an unused session ends, and any session; undefined where the adapter has no end. */
  readonly idleMs: number | undefined;
  readonly maxMs: number | undefined;
  /** How many visitors read without a cookie. */
  readonly strangers: number;
  /** How long a slow request is given to read the session, and how long it then waits at least. */
  readonly leadMs: number;
  readonly holdMs: number;
  /** How long one request may take. */
  readonly answerMs: number;
}

export interface Arguments {
  /** Undefined with `--all`. */
  readonly settings: Settings | undefined;
  readonly all: boolean;
  readonly json: boolean;
  /** Ids of checks, or of adapters with `--all`; empty for all of them. */
  readonly only: readonly string[];
}

export const USAGE = `npm run check:session -- URL [options]
npm run check:session -- --all [--only express,flask]
Looks from outside at the session layer behind an adapter that runs at URL. The contract that the
adapter keeps stands in test/check/session/README.md.
  --https          tells the adapter, by X-Forwarded-Proto, that the browser speaks https
  --idle SECONDS   the adapter was started with this IDLE: looks at how an unused session ends
  --max SECONDS    the same for MAX, after which a session ends that is in use
  --only IDS       these checks alone, separated by commas: login-renews,logout-ends
  --json           prints an array of verdicts
  --all            starts every adapter of test/check/session/adapters in turn, and prints a table
Exit code: 0 every MUST holds, 1 one does not, 2 it could not be looked at.`;

/** The arguments do not say what is to be checked. */
export class BadArguments extends Error {
  override readonly name = 'BadArguments';
}

const DEFAULTS = { strangers: 100, leadMs: 150, holdMs: 300, answerMs: 8000 };

/** The settings for an address; everything else as it is by default. */
export function settingsFor(url: string, changes: Partial<Settings> = {}): Settings {
  const plain = { https: false, idleMs: undefined, maxMs: undefined };
  return { url: new URL(url), ...plain, ...DEFAULTS, ...changes };
}

/** @throws BadArguments */
export function readArguments(args: string[]): Arguments {
  const { values, positionals } = parse(args);
  const { all, json, https } = values;
  const only = values.only?.split(',').filter((id) => id !== '') ?? [];
  const [address = '', ...others] = positionals;
  if (all) {
    if (positionals.length > 0) throw new BadArguments('--all takes no address');
    return { settings: undefined, all, json, only };
  }
  if (!/^http:\/\/[^/]/.test(address) || !URL.canParse(address) || others.length > 0)
    throw new BadArguments('an address is needed, such as http://127.0.0.1:8000');
  const idleMs = milliseconds('--idle', values.idle);
  const maxMs = milliseconds('--max', values.max);
  if (maxMs !== undefined && idleMs === undefined) throw new BadArguments('--max needs --idle');
  return { settings: settingsFor(address, { https, idleMs, maxMs }), all, json, only };
}

function milliseconds(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 600)) throw new BadArguments(`${name} ${text}: 1 to 600`);
  return seconds * 1000;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        https: { type: 'boolean', default: false },
        idle: { type: 'string' },
        max: { type: 'string' },
        only: { type: 'string' },
        json: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : '');
  }
}
