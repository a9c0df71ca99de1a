/**
 * Lines for whoever runs the server. A line holds no id, no cookie, no field of a form and no query,
 * and what a client sent can neither begin a new line nor move a terminal's cursor.
 */
import { inspect } from 'node:util';

/** A request and its answer, which took so many ms. */
type Entry = Readonly<Record<'method' | 'url' | 'requestId', string>> & {
  readonly status: number;
  readonly ms: number;
};

/** Where lines for the operator go. */
export type Log = ReturnType<typeof createLog>;

const MAX_PATH = 200;
const MAX_UNREAD_BYTES = 1_048_576;

/** Makes a log that writes to stdout, and errors to stderr. */
export function createLog(isRequestLogged: boolean) {
  // Whoever read our lines has gone (`| head -1`): that is no reason to stop serving. A loader's
  // worker that pipes into them has a listener there, too, but that one is good for one failure.
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) stream.off('error', ignore).on('error', ignore);
  const hinted = new Set<string>();
  const info = (line: string) => void process.stdout.write(`${printable(line)}\n`);
  return {
    /** One request and its answer. */
    request({ method, url, status, ms, requestId }: Entry): void {
      // Whoever reads our lines has stopped reading: they are not kept in memory for ever.
      if (!isRequestLogged || process.stdout.writableLength > MAX_UNREAD_BYTES) return;
      const path = printable(url.split('?', 1)[0] ?? '').slice(0, MAX_PATH);
      process.stdout.write(`${method} ${path} ${status} ${ms.toFixed(1)}ms ${requestId}\n`);
    },
    /** Something that the one who runs the server should know. */
    info,
    /** What may be set up otherwise than it was meant; each line is said once. */
    hint(line: string): void {
      if (!hinted.has(line)) info(line);
      hinted.add(line);
    },
    /** Something that went wrong and was not foreseen, whole. */
    error(what: string, error: unknown): void {
      process.stderr.write(`${what}: ${inspect(error)}\n`.replace(/(?!\n)\p{Cc}/gu, ' '));
    },
  };
}

function ignore(): void {}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
