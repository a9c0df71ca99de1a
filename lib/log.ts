/**
 * Lines for whoever runs the server. A line holds no id, no cookie, no field of a form and no
 * query, and nothing in it can begin a new line or move a terminal's cursor.
 */
import { inspect } from 'node:util';

/** Where lines for the operator go. */
export interface Log {
  /** One request and its answer. */
  request(entry: RequestEntry): void;
  /** Something that the one who runs the server should know. */
  info(line: string): void;
  /** Something that went wrong and was not foreseen, whole. */
  error(what: string, error: unknown): void;
}

/** A request and its answer, for a line of the log. */
export interface RequestEntry {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** How long the answer took, in ms. */
  readonly ms: number;
  readonly requestId: string;
}

const MAX_PATH = 200;

/**
 * Makes a log that writes to stdout, and errors to stderr.
 * @param requests whether requests are logged, too
 */
export function createLog(requests: boolean): Log {
  // Whoever read our lines has gone (`| head -1`): that is no reason to stop serving. A loader's
  // worker that pipes into them has a listener there, too, but that one is good for one failure.
  for (const stream of [process.stdout, process.stderr])
    stream.off('error', ignore).on('error', ignore);
  return {
    request({ method, url, status, ms, requestId }) {
      if (!requests) return;
      const path = printable(url.split('?', 1)[0] ?? '').slice(0, MAX_PATH);
      process.stdout.write(`${method} ${path} ${status} ${ms.toFixed(1)}ms ${requestId}\n`);
    },
    info(line) {
      process.stdout.write(`${printable(line)}\n`);
    },
    error(what, error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
      process.stderr.write(`${printable(what)}: ${reason.replace(/(?!\n)\p{Cc}/gu, ' ')}\n`);
    },
  };
}

function ignore(): void {}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
