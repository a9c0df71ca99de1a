/**
 * How much memory is really held, for tests of what is given back.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The heap in use after a garbage collection, in bytes. */
export function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc'); // the flag puts it there
  collect();
  return process.memoryUsage().heapUsed;
}
