/**
 * A map in many small maps. When a JavaScript Map grows or shrinks past a power of two it moves all
 * of its entries at once, and with a million of them everybody waits: some 30 ms to shrink, 100 ms
 * to grow. Here only a small map moves at a time.
 */

/** As much of a Map as is needed, without its long pauses. */
export interface Shards<T> {
  get(key: string): T | undefined;
  set(key: string, item: T): void;
  delete(key: string): void;
  /** How many items there are. */
  readonly size: number;
}

const BITS = 12;
/** So many of a key's last letters decide: where ids are random, and names differ most. */
const LETTERS = 4;

/** Makes an empty map. */
export function createShards<T>(): Shards<T> {
  const shards = new Array<Map<string, T> | undefined>(2 ** BITS);
  let size = 0;
  return {
    get: (key) => shards[shardOf(key)]?.get(key),
    set(key, item) {
      const number = shardOf(key);
      const shard = shards[number] ?? new Map<string, T>();
      shards[number] = shard;
      const before = shard.size;
      size += shard.set(key, item).size - before;
    },
    delete(key) {
      if (shards[shardOf(key)]?.delete(key)) size -= 1;
    },
    get size() {
      return size;
    },
  };
}

/** The first bits of the FNV-1a hash: names that follow one another land far apart. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = Math.max(0, key.length - LETTERS); at < key.length; at += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return hash >>> (32 - BITS);
}
