/**
 * The database that comes and goes: the one that the configuration names, or a private one. Whoever
 * asks first, or first after it was lost, makes it ready for all: the private server is started,
 * the schema applied, the next host of a cluster tried. So there is nothing to restart by hand, and
 * whoever runs the server reads one line when the database goes, and one when it is back.
 */
import type { Pool, PoolOptions } from 'mysql2/promise';
import { within } from '../semaphore.ts';
import type { Address } from './address.ts';
import { openPool, optionsOf } from './connect.ts';
import { DatabaseUnavailable, translate } from './errors.ts';
import { createPrivateServer } from './private/server.ts';
import { createQueries, type Database, TOTAL_MS } from './queries.ts';
import { applySchema } from './schema.ts';

/**
 * Where the database is, and who is told in one line whenever it comes or goes. Without a `url` a
 * private server runs, which keeps its data in `folder`; a test says where its program may be.
 */
export interface OpenOptions {
  readonly url: Address | undefined;
  readonly folder: string;
  readonly onChange: (line: string) => void;
  readonly programFolders?: readonly string[];
}

/** Between two tries to bring a database up that is down: meanwhile all are told the same. */
const RETRY_MS = 500;
/** Single queries may fail and succeed by turns, as with a locked row: so often it is said, in ms. */
const QUIET_MS = 10_000;
/**
 * While the private database is made for the first time, whoever comes may wait so long, in ms: less
 * than the time after which the server drops a connection on which nothing moves.
 */
const MAKING_MS = 15_000;
const CLOSE_MS = 5000;
const CLOSED = 'the database is closed';

/** Returns at once; the first query, or `select('SELECT 1')`, waits for the database. */
export function openDatabase({ url, folder, onChange, programFolders }: OpenOptions): Database {
  const server = createPrivateServer(folder, forgotten, programFolders);
  /** Whether the private database is yet to be made. */
  let isNew = url === undefined && server.isNew();
  /** Where it may be; the first is tried first. */
  const places = url ? optionsOf(url) : [server.options];
  /** Every pool that is open, and what closes it. */
  const pools = new Map<Pool, () => Promise<void>>();
  /** The pool in use, or in the making, or that could not be made a moment ago. */
  let serving: Promise<Pool> | undefined;
  let current: Pool | undefined;
  let isOpen = true;
  let isDown = false;
  let lastLine = '';
  let quietUntil = 0;

  function say(line: string): void {
    if (isOpen && line !== lastLine) onChange(line);
    lastLine = line;
  }

  async function prepare(): Promise<Pool> {
    try {
      const how = url ? undefined : await server.start();
      const [place, lack] = await firstReady();
      if (!isOpen) throw new DatabaseUnavailable(CLOSED);
      const [pool, close] = openPool(place);
      pools.set(pool, close);
      current = pool;
      isDown = false;
      const where = how ?? `${place.host}:${place.port}/${place.database}`;
      say(`database ready (${where})${lack && `, but a right is missing: ${lack}`}`);
      return pool;
    } catch (error) {
      const failure = translate(error);
      isDown = true;
      say(`database not available: ${failure instanceof Error ? failure.message : failure}`);
      setTimeout(() => {
        serving = undefined;
      }, RETRY_MS).unref();
      throw failure;
    } finally {
      isNew = false;
    }
  }

  /**
   * Applies the schema at the first place that works; those that do not go to the end.
   * @returns that place, and which right is missing there, if one is
   */
  async function firstReady(): Promise<[place: PoolOptions, lack: string]> {
    let failure: unknown;
    for (const place of [...places]) {
      try {
        return [place, await applySchema(place)];
      } catch (error) {
        failure = error;
        places.push(...places.splice(0, 1));
      }
    }
    throw failure;
  }

  async function pool(): Promise<Pool> {
    if (!isOpen) throw new DatabaseUnavailable(CLOSED);
    serving ??= prepare();
    return serving;
  }

  function lost(pool: Pool | undefined): void {
    if (pool === undefined || pool !== current) return;
    current = undefined;
    serving = undefined;
    places.push(...places.splice(0, 1));
    // What is under way on it has its own end.
    setTimeout(() => {
      pools.get(pool)?.();
      pools.delete(pool);
    }, TOTAL_MS).unref();
  }

  function forgotten(): void {
    say(`${folder} was deleted, and what was stored there is lost; the database is made anew`);
    lost(current);
  }

  return createQueries({
    async made() {
      if (isNew) await within(pool(), MAKING_MS).catch(() => {}); // what went wrong is told later
    },
    pool,
    lost,

    ended(failure) {
      // Whoever makes it ready says what came of that.
      if (current === undefined) return;
      if (failure === undefined) {
        if (isDown) say('database answers again');
        isDown = false;
      } else if (failure instanceof DatabaseUnavailable && !isDown) {
        const now = performance.now();
        if (now < quietUntil) return;
        quietUntil = now + QUIET_MS;
        isDown = true;
        say(`database not available: ${failure.message}`);
      }
    },

    async close(ms = CLOSE_MS) {
      isOpen = false;
      const end = performance.now() + ms;
      await Promise.all(Array.from(pools.values(), (close) => close()));
      await server.stop(end - performance.now());
    },
  });
}
