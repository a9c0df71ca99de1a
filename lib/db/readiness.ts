/**
 * Is the database up and prepared? Asked before every query. Preparing happens once for all who
 * wait, and again when the database was lost. After a failure everybody is told the same at once,
 * until a moment has passed: a database in trouble is asked by one connection at a time, not by
 * each visitor.
 */
import { Overdue, within } from '../wait.ts';

/** The preparing is still under way, and will say itself what became of it. */
export class NotReadyYet extends Overdue {}

/** Whether the database is prepared, and the way to get there. */
export interface Readiness {
  /**
   * Waits until the database is prepared.
   * @param ms how long; the preparing itself goes on
   * @throws NotReadyYet, or what made the preparing fail
   */
  wait(ms: number): Promise<void>;
  /** The database seems to be gone: the next wait prepares it anew. */
  lost(): void;
}

/** Between two tries to bring a database up that is down, in ms. */
const RETRY_MS = 500;

/**
 * Begins with a database that is not prepared.
 * @param prepare brings the database up; never called while it is still at work
 */
export function createReadiness(prepare: () => Promise<void>): Readiness {
  let prepared = Promise.resolve();
  let isPrepared = false;
  /** When to prepare next; never while that is under way, or done. */
  let nextAt = 0;

  function begin(): Promise<void> {
    nextAt = Number.POSITIVE_INFINITY;
    return prepare().then(
      () => {
        isPrepared = true;
      },
      (error) => {
        nextAt = performance.now() + RETRY_MS;
        throw error;
      },
    );
  }

  return {
    async wait(ms) {
      if (isPrepared) return;
      if (performance.now() >= nextAt) prepared = begin();
      await within(prepared, ms).catch((error) => {
        const isUnderWay = !isPrepared && nextAt === Number.POSITIVE_INFINITY;
        throw isUnderWay ? new NotReadyYet('it is still being made ready') : error;
      });
    },
    lost() {
      if (!isPrepared) return;
      isPrepared = false;
      nextAt = 0;
    },
  };
}
