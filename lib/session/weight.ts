/**
 * How much memory a session takes, roughly. Visitors decide what they put into it, so to count
 * sessions alone would be no bound.
 */
import type { Changes } from './store.ts';

/** What a session takes without its data, in bytes; measured by `test/bench/memory.ts`. */
export const SESSION_BYTES = 400;
/** What a key takes beside its letters and its value's, in bytes. */
const KEY_BYTES = 64;

/** By how many bytes data grows when the changes are applied; less than 0 when it shrinks. */
export function growth(data: ReadonlyMap<string, unknown>, changes: Changes): number {
  let bytes = 0;
  for (const [key, value] of changes) bytes += weightOf(key, value) - weightOf(key, data.get(key));
  return bytes;
}

/** A character takes one byte or two; what is no text is about as large as its JSON. */
function weightOf(key: string, value: unknown): number {
  if (value === undefined) return 0;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return KEY_BYTES + 2 * (key.length + text.length);
}
