/** Batch loading (the DataLoader pattern): keys that are loaded in one tick share one query. */
import { setImmediate as immediate } from 'node:timers/promises';

const MAX_BATCH = 64;
/** Batches are padded to these sizes, so that the database prepares four statements, not 64. */
const BUCKETS = [1, 4, 16, MAX_BATCH];

/** @param batchFn loads several keys at once. @returns loads one key, and throws as `batchFn` does */
export function createLoader<Key, Value>(
  batchFn: (keys: readonly Key[]) => Promise<(key: Key) => Value>,
): (key: Key) => Promise<Value> {
  let batch: Key[] = [];
  let loading: Promise<(key: Key) => Value>;

  return async (key) => {
    if (batch.length === 0 || batch.length >= MAX_BATCH) {
      const keys: Key[] = [];
      batch = keys;
      loading = immediate().then(() => {
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
