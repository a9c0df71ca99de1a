/**
 * Batch loading (the DataLoader pattern): keys that are loaded in one tick of the event loop share
 * one query. Under load the database is asked less often, and each answer comes sooner.
 */
import { setImmediate as nextTick } from 'node:timers/promises';

const MAX_BATCH = 64;
/** Batches are padded to these sizes, so that the database prepares four statements, not 64. */
const BUCKETS = [1, 4, 16, MAX_BATCH];

/**
 * Turns a query for many keys into one for a single key.
 * @param batchFn loads several keys at once, and returns the lookup of a key's value
 * @returns loads one key; throws what `batchFn` throws, for every key of that batch
 */
export function createLoader<Key, Value>(
  batchFn: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
): (key: Key) => Promise<Value> {
  let batch: Key[] = [];
  let loading: Promise<(key: Key) => Value>;

  return async (key) => {
    if (batch.length === 0 || batch.length >= MAX_BATCH) {
      const keys: Key[] = [];
      batch = keys;
      loading = nextTick().then(() => {
        if (batch === keys) batch = [];
        return batchFn(keys);
      });
    }
    batch.push(key);
    return (await loading)(key);
  };
}

/** The keys, padded with the first one to the next of four sizes. */
export function padToBucket<Key>(keys: readonly Key[]): Key[] {
  const size = BUCKETS.find((bucket) => bucket >= keys.length) ?? MAX_BATCH;
  return [...keys, ...Array(size - keys.length).fill(keys[0])];
}

/** A question mark for each value. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
