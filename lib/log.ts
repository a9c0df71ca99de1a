/**
 * The log: requests and notices on stdout, errors on stderr. A request's line has no query, id,
 * cookie or form field, and no control character of the client's.
 */
import { inspect } from 'node:util';

/** A request and its response, which took `ms`. */
type Entry = Readonly<
  Record<'method' | 'url' | 'requestId', string> & Record<'status' | 'ms', number>
>;

export type Log = ReturnType<typeof createLog>;

const MAX_PATH = 200;
const MAX_BUFFERED_BYTES = 1_048_576;

/** @param logsRequests whether `request` writes anything */
export function createLog(logsRequests: boolean) {
  // Ignore EPIPE: the reader may have exited (`| head -1`).
  for (const stream of [process.stdout, process.stderr]) {
    stream.off('error', ignore).on('error', ignore);
  }
  const warned = new Set<string>();
  const info = (line: string) => void process.stdout.write(`${sanitize(line)}\n`);
  return {
    /** One line a request. */
    request({ method, url, status, ms, requestId }: Entry): void {
      // Back-pressure: lines are dropped while the reader does not read.
      if (!logsRequests || process.stdout.writableLength > MAX_BUFFERED_BYTES) return;
      const path = sanitize(url.split('?', 1)[0] ?? '').slice(0, MAX_PATH);
      process.stdout.write(`${method} ${path} ${status} ${ms.toFixed(1)}ms ${requestId}\n`);
    },
    info,
    /** Logs a line the first time only. */
    warnOnce(line: string): void {
      if (!warned.has(line)) info(line);
      warned.add(line);
    },
    /** An error with its stack and its cause. */
    error(what: string, error: unknown): void {
      process.stderr.write(`${what}: ${inspect(error)}\n`.replace(/(?!\n)\p{Cc}/gu, ' '));
    },
  };
}

const ignore = () => {};
const sanitize = (text: string) => text.replace(/\p{Cc}+/gu, ' ');
