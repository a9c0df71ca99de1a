/** What the command line says. */
import { parseArgs } from 'node:util';

export interface Settings {
  readonly url: URL;
  /** Where a body is taken, and which. */
  readonly post?: string;
  readonly body: string;
  readonly type: string;
  readonly only: readonly string[];
  /** How long the server's own time-outs are waited for. */
  readonly waitMs: number;
  readonly parallel: number;
}

export const USAGE = `npm run check:http -- ADDRESS [options]
Checks any HTTP/1.1 server at ADDRESS, such as http://127.0.0.1:8080/, from outside: it sends bytes, right and wrong
ones, and holds what comes back against RFC 9110 and RFC 9112. Send it only to a server of your own.
  --post PATH      a path that takes a body; without it, bodies go to ADDRESS, and less can be seen
  --body TEXT      a body that is right there (default: a=b), of 2 to 15 characters
  --type TYPE      its type (default: application/x-www-form-urlencoded)
  --only NAMES     only these groups, checks or levels: 'Host,framing', MUST
  --wait SECONDS   how long to wait for the server's own time-outs (default: 20)
  --parallel N     how many connections at once (default: 12)
  --list           the checks with their bytes; nothing is sent
  --json           the outcome as JSON
npm run check:http -- --all [--json]
Checks this server beside others, those that are installed, and prints a table.
Exit code: 0 all is well, 1 something is not, 2 it could not be looked at.`;

/** The arguments do not say what is to be checked. */
export class BadArguments extends Error {}

export interface Arguments {
  readonly address: string | undefined;
  readonly isHelp: boolean;
  readonly isAll: boolean;
  readonly isList: boolean;
  readonly isJson: boolean;
  readonly options: Omit<Settings, 'url'>;
}

/** @throws BadArguments */
export function readArguments(args: string[]): Arguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) throw new BadArguments('more than one address');
  const { body } = values;
  if (!/^[\x20-\x7e]{2,15}$/.test(body)) throw new BadArguments('--body: 2 to 15 characters');
  return {
    address: positionals[0],
    isHelp: values.help,
    isAll: values.all,
    isList: values.list,
    isJson: values.json,
    options: {
      ...(values.post === undefined ? {} : { post: values.post }),
      body,
      type: values.type,
      only: values.only === undefined ? [] : values.only.split(',').map((name) => name.trim()),
      waitMs: 1000 * between('--wait', values.wait, 0, 600),
      parallel: between('--parallel', values.parallel, 1, 200),
    },
  };
}

/** An address without a scheme is one of http. @throws BadArguments */
export function readAddress(text: string): URL {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new BadArguments(`${text} is no address`);
  return url;
}

function between(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new BadArguments(`${name} ${text}: ${least} to ${most}`);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        post: { type: 'string' },
        body: { type: 'string', default: 'a=b' },
        type: { type: 'string', default: 'application/x-www-form-urlencoded' },
        only: { type: 'string' },
        wait: { type: 'string', default: '20' },
        parallel: { type: 'string', default: '12' },
      },
    });
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : '');
  }
}
