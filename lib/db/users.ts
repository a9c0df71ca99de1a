/** The entity User, and every query on `users`. */
import { createLoader, padToBucket } from './loader.ts';
import type { Database } from './queries.ts';

/** A user without the password's hash. */
export interface User {
  readonly id: number;
  /** Canonical: see `routes/validation.ts`. */
  readonly uname: string;
  readonly nickname: string;
}

export type Users = ReturnType<typeof createUsers>;

export function createUsers(database: Database) {
  return {
    /** Whether this canonical name is taken. A hint: only the insert decides. */
    exists: createLoader<string, boolean>(async (names) => {
      const values = padToBucket(names);
      const sql = `SELECT uname FROM users WHERE uname IN (${values.map(() => '?')})`;
      const found = new Set((await database.select(sql, values)).map(({ uname }) => uname));
      return (name) => found.has(name);
    }),

    /** Stores a user; `undefined` when the unique key refuses the name. */
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
