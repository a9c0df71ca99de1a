/**
 * An account: making one, logging in, logging out.
 */

import type { User, Users } from '../db/users.ts';
import { tooManyRequests } from '../http/rate-limit.ts';
import { HttpError, json, noContent, unauthorized } from '../http/reply.ts';
import type { Passwords } from '../password.ts';
import { unameField } from './check-uname.ts';
import type { Handler, StatelessHandler } from './route.ts';
import { canonicalUname, isNickname, isUpwd } from './validation.ts';

/**
 * `POST /register`: stores the user. The unique key decides, so two cannot win. Of several at once
 * with one name, those behind the first wait to see whether it wins: that costs no hash.
 */
export function register(users: Users, passwords: Passwords): StatelessHandler {
  const underWay = new Map<string, Promise<unknown>>();

  async function store(user: Omit<User, 'id'>, upwd: string): Promise<User | undefined> {
    const earlier = underWay.get(user.uname);
    if (earlier) {
      // However it ended: what counts is whether the name is there now.
      await earlier.catch(() => {});
      if (await users.exists(user.uname)) return undefined;
    }
    const mine = passwords.hash(upwd).then((hash) => users.insert(user, hash));
    underWay.set(user.uname, mine);
    return mine.finally(() => {
      if (underWay.get(user.uname) === mine) underWay.delete(user.uname);
    });
  }

  return async ({ form }) => {
    const uname = unameField(form.uname);
    const { upwd = '', nickname = '' } = form;
    if (!isUpwd(upwd)) throw new HttpError(400, 'invalid_upwd', 'a password has 8–128 characters');
    if (!isNickname(nickname)) {
      throw new HttpError(400, 'invalid_nickname', 'a nickname has 1–32 visible characters');
    }
    const user = await store({ uname, nickname }, upwd);
    if (user === undefined) throw new HttpError(409, 'uname_taken', 'this name is taken');
    return json(201, user);
  };
}

/** Makes each further failure on a key cost a longer wait: see `http/limit.ts`, `db/backoff.ts`. */
export interface Backoff {
  begin(key: string): number | Promise<number>;
  undo(key: string, count: number): void | Promise<void>;
  forget(key: string): number | Promise<number>;
}

type Counted = readonly [backoff: Backoff, key: string];

/**
 * `POST /login`: the session becomes the user's, under a new id. An unknown name and a wrong
 * password are the same failure, in words and in time.
 * @param byAccount,byAddress what makes guessing slow
 */
export function login(
  users: Users,
  passwords: Passwords,
  byAccount: Backoff,
  byAddress: Backoff,
): Handler {
  const undo = (keys: readonly Counted[]) =>
    Promise.all(keys.map(([backoff, key]) => backoff.undo(key, 1)));

  /**
   * Counts an attempt on each key; on none of them where one has to wait, or cannot be asked.
   * @returns how many ms to wait
   */
  async function begin(keys: readonly Counted[]): Promise<number> {
    const begun = keys.map(async ([backoff, key]) => backoff.begin(key));
    const ended = await Promise.allSettled(begun);
    const counted = keys.filter((_, at) => {
      const one = ended[at];
      return one?.status === 'fulfilled' && one.value === 0;
    });
    if (counted.length < keys.length) await undo(counted);
    return Math.max(...(await Promise.all(begun)));
  }

  async function authenticate(uname: string, upwd: string): Promise<User | undefined> {
    const found = await users.find(uname);
    return (await passwords.verify(upwd, found?.upwd)) ? found?.user : undefined;
  }

  return async ({ form, session, address }) => {
    const uname = canonicalUname(form.uname ?? '');
    if (uname === undefined) throw badCredentials();
    const keys: Counted[] = [
      [byAccount, uname],
      [byAddress, address],
    ];
    const waitMs = await begin(keys);
    if (waitMs > 0) throw tooManyRequests(waitMs, 'too many failed logins; wait a little');
    const user = await authenticate(uname, form.upwd ?? '').catch(async (error) => {
      // What failed was ours, and is not counted.
      await undo(keys);
      throw error;
    });
    if (user === undefined) throw badCredentials();
    // Whoever gets in is forgiven what they mistyped. Of the address's failures just those: with an
    // account of one's own, nobody should win back free guesses at others'.
    await byAddress.undo(address, await byAccount.forget(uname));
    const { nickname } = user;
    session.regenerate(uname);
    session.set('user', { uname, nickname });
    return json(200, { uname, nickname });
  };
}

/** `POST /logout`: the session ends on the server; for whoever has none, nothing is left to do. */
export const logout: Handler = ({ session }) => {
  session.destroy();
  return noContent();
};

function badCredentials(): HttpError {
  return unauthorized('bad_credentials', 'the name or the password is wrong');
}
