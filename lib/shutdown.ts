/**
 * Told to stop, the process stops: once, in time, and whoever tells it. A fault of ours that nobody
 * caught stops it as well, but not before what has come in is answered.
 */
import type { Log } from './log.ts';

/** From the first signal to the end, in ms. */
const STOP_MS = 9000;
/** Under `node --watch` a Ctrl-C comes from the terminal and from there: that is one, not two. */
const ONE_SIGNAL_MS = 100;
const LOOK_FOR_PARENT_MS = 500;

/**
 * Ends the process when it is told to.
 * @param stop lets go of everything; `left` says how many ms there are
 */
export function stopWhenTold(stop: (left: () => number) => Promise<void>, log: Log): void {
  let since: number | undefined;

  async function begin(exitCode: number): Promise<void> {
    if (since !== undefined) return;
    const beginning = performance.now();
    since = beginning;
    process.exitCode = exitCode;
    try {
      await stop(() => STOP_MS - (performance.now() - beginning));
    } catch (error) {
      log.error('while stopping', error);
      process.exitCode = 1;
    }
    process.exit();
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (since !== undefined && performance.now() - since > ONE_SIGNAL_MS) process.exit(1);
      void begin(0);
    });
  }
  // `docker stop` and systemd signal npm alone, which hands nothing on: it is gone, and we are left.
  const parent = process.ppid;
  const look = () => void (process.ppid === parent || begin(0));
  if (process.env.npm_lifecycle_event) setInterval(look, LOOK_FOR_PARENT_MS).unref();
  // One request's forgotten promise must not take all the others down.
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason));
  // After this nothing is certain any more, but what has come in is answered as well as it can be.
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', error);
    void begin(1);
  });
}
