/**
 * One line when the database goes, and one when it is back, for whoever runs the server. Not a line
 * for each request that fails meanwhile, and none that repeats the last.
 */

/** Is told everything; says what is new. */
export interface Report {
  /** The database was prepared for use. */
  prepared(name: string): void;
  /** The database could not be prepared. */
  failed(reason: string): void;
  /** A query met no database. */
  queryFailed(reason: string): void;
  /** A query was answered. */
  answered(): void;
}

/**
 * Single queries may fail and succeed by turns, as with a locked row: not more often than this, in
 * ms.
 */
const QUIET_MS = 10_000;

/**
 * Makes a report that has said nothing yet.
 * @param tell takes a line without its end
 */
export function createReport(tell: (line: string) => void): Report {
  let last = '';
  let isDown = false;
  let quietUntil = 0;

  function say(line: string): void {
    if (line !== last) tell(line);
    last = line;
  }

  return {
    prepared(name) {
      isDown = false;
      say(`database ready (${name})`);
    },
    failed(reason) {
      isDown = true;
      say(`database not available: ${reason}`);
    },
    queryFailed(reason) {
      const now = performance.now();
      if (isDown || now < quietUntil) return;
      quietUntil = now + QUIET_MS;
      isDown = true;
      say(`database not available: ${reason}`);
    },
    answered() {
      if (!isDown) return;
      isDown = false;
      say('database answers again');
    },
  };
}
