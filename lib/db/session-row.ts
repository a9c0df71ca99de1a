/**
 * A session as a row of the table `sessions`. Each of its values is JSON of its own, a text in the
 * whole: then a patch replaces a value, whatever it holds, and null removes its key.
 */

import type { Changes, Stored } from '../session/store.ts';
import type { Row } from './queries.ts';

/** What `data` holds, or a patch of it. */
export type Texts = Readonly<Record<string, string | null>>;

/** @throws TypeError for a value that JSON does not know */
export function textsOf(changes: Changes): Texts {
  const text = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  return Object.fromEntries(Array.from(changes, ([key, value]) => [key, text(value)]));
}

/** @param id the session's own, which its row does not know */
export function storedOf(id: string, row: Row): Stored {
  const texts: Record<string, string> = JSON.parse(String(row.data)); // as `textsOf` made it
  const data = new Map(Object.entries(texts).map(([key, text]) => [key, JSON.parse(text)]));
  const owner = row.owner === null ? undefined : String(row.owner);
  return { id, data, owner, ...timesOf(row) };
}

/** When a session began and was last seen, by the database's clock, in ms since 1970. */
export function timesOf({ created_at, seen_at }: Row) {
  return { createdAt: Number(created_at), seenAt: Number(seen_at) };
}
