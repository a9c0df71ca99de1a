/** Graceful shutdown on a signal or an uncaught exception: in 9 s at most; a second signal exits. */
import { isatty } from 'node:tty';
import type { Log } from './log.ts';

const SHUTDOWN_MS = 9000;
/** `node --watch` forwards Ctrl-C, so that SIGINT arrives twice. */
const SAME_SIGNAL_MS = 100;

/** @param stop closes everything; `remainingMs` says how much time there is */
export function onShutdown(stop: (remainingMs: () => number) => Promise<void>, log: Log): void {
  let begin: number | undefined;

  async function shutDown(exitCode: number): Promise<void> {
    if (begin !== undefined) return;
    const end = performance.now() + SHUTDOWN_MS;
    begin = performance.now();
    process.exitCode = exitCode;
    try {
      await stop(() => end - performance.now());
    } catch (error) {
      log.error('while stopping', error);
      process.exitCode = 1;
    }
    process.exit();
  }

  function onSignal(): void {
    if (begin !== undefined && performance.now() - begin > SAME_SIGNAL_MS) process.exit(1);
    void shutDown(0);
  }

  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // The terminal is closed; with `nohup … &` the server goes on. Looked at now: when the signal comes,
  // the terminal has gone, and Node does not inherit that the signal is ignored.
  process.on('SIGHUP', isatty(0) ? onSignal : () => {});
  // One request's forgotten promise does not end the others.
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason));
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception', error);
    void shutDown(1);
  });
}
