/**
 * The entity User, the rules for its fields, and every query on `users`.
 */
import { createBatch, padded } from '../batch.ts';
import type { Database } from './pool.ts';

/** A user, as anybody may see them: without the password’s hash. */
export interface User {
  readonly id: number;
  /** Canonical: see `canonicalUname`. */
  readonly uname: string;
  readonly nickname: string;
}

// Letters of any script with their marks, digits, _ and -; nothing that is not seen on the screen.
const NAME_CHARACTERS = /^[\p{L}\p{M}\p{Nd}_-]{3,20}$/u;
const BEGINS_WITH_MARK = /^\p{M}/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
const CONTROL = /\p{Cc}/u;

/**
 * The one form in which a name is stored and looked up (NFKC, lower case), so that `Admin` and
 * `admin` are one name, in the spirit of RFC 8265 §3.3.
 * @returns `undefined` when the text is no name: 3–20 letters, digits, `_` and `-`
 */
export function canonicalUname(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const uname = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  const isName =
    NAME_CHARACTERS.test(uname) && !BEGINS_WITH_MARK.test(uname) && !UNSEEN.test(uname);
  return isName ? uname : undefined;
}

/**
 * Whether a password may be chosen: 8–128 characters, whatever they are (ASVS 5, 6.2.1 and 6.2.9).
 */
export function isUpwd(text: string): boolean {
  const { length } = [...text];
  return text.isWellFormed() && length >= 8 && length <= 128;
}

/** Whether a nickname may be chosen: 1–32 characters, no control characters, not only blanks. */
export function isNickname(text: string): boolean {
  return text.isWellFormed() && [...text].length <= 32 && text.trim() !== '' && !CONTROL.test(text);
}

/** Every query on `users`. */
export type Users = ReturnType<typeof createUsers>;

/** Makes the queries. */
export function createUsers(database: Database) {
  return {
    /** Whether somebody has this canonical name. A hint: only the insert decides. */
    exists: createBatch<string, boolean>(async (names) => {
      const values = padded(names);
      const places = values.map(() => '?').join(', ');
      const sql = `SELECT uname FROM users WHERE uname IN (${places})`;
      const found = new Set((await database.select(sql, values)).map(({ uname }) => uname));
      return (name) => found.has(name);
    }),

    /** Stores a user; `undefined` when the database's unique key says that the name is taken. */
    async insert({ uname, nickname }: Omit<User, 'id'>, upwd: string): Promise<User | undefined> {
      const sql = 'INSERT INTO users (uname, upwd, nickname) VALUES (?, ?, ?)';
      const id = await database.insert(sql, [uname, upwd, nickname]);
      return id === undefined ? undefined : { id, uname, nickname };
    },

    /** The user of that name with the password's hash; `undefined` when there is none. */
    async find(name: string): Promise<{ user: User; upwd: string } | undefined> {
      const sql = 'SELECT id, uname, upwd, nickname FROM users WHERE uname = ?';
      const [row] = await database.select(sql, [name]);
      if (row === undefined) return undefined;
      const { id, uname, upwd, nickname } = row;
      const user = { id: Number(id), uname: String(uname), nickname: String(nickname) };
      return { user, upwd: String(upwd) };
    },
  };
}
