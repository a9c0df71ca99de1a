/**
 * A database server that we have started. It is a child of ours, but no part of our terminal's
 * group: Ctrl-C is for us, and we stop the database when we are done with it.
 */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';

/** A database server that runs as our child. */
export interface ServerChild {
  readonly pid: number | undefined;
  /** Rejects when it has ended, with an error that says how. */
  readonly ended: Promise<never>;
  /** Lets it outlive us; else it is told to end, however we end. */
  leave(): void;
}

/**
 * Starts a database server; it need not work yet when this returns.
 * @param logFile what it prints goes there
 * @param signal nothing is started once this is aborted
 */
export async function startChild(
  path: string,
  args: readonly string[],
  logFile: string,
  signal: AbortSignal,
): Promise<ServerChild> {
  const log = await open(logFile, 'w', 0o600);
  try {
    signal.throwIfAborted();
    const child = spawn(path, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    child.unref();
    const endWithUs = () => child.kill();
    const leave = () => process.removeListener('exit', endWithUs);
    const ended = new Promise<never>((_, reject) => {
      child.once('error', reject).once('exit', (code, killed) => {
        reject(new Error(`the database ended with ${code ?? killed}; see ${logFile}`));
      });
    });
    process.once('exit', endWithUs);
    ended.catch(leave);
    return { pid: child.pid, ended, leave };
  } finally {
    await log.close();
  }
}
