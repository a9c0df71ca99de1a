/**
 * An account: making one, logging in, logging out.
 */
import type { Passwords } from '../db/password.ts';
import { canonicalUname, isNickname, isUpwd, type Users } from '../db/users.ts';
import { HttpError, tooManyRequests } from '../http/error.ts';
import type { Backoff } from '../http/limit.ts';
import { json, noContent } from '../http/reply.ts';
import { unameField } from './check-uname.ts';
import type { Handler } from './route.ts';

/** `POST /register`: stores the user. Nobody looks first: the unique key decides, so two cannot win. */
export function register(users: Users, passwords: Passwords): Handler {
  return async ({ form }) => {
    const uname = unameField(form.uname);
    const { upwd = '', nickname = '' } = form;
    if (!isUpwd(upwd)) throw new HttpError(400, 'invalid_upwd', 'a password has 8–128 characters');
    if (!isNickname(nickname)) {
      throw new HttpError(400, 'invalid_nickname', 'a nickname has 1–32 visible characters');
    }
    const user = await users.insert({ uname, nickname }, await passwords.hash(upwd));
    if (user === undefined) throw new HttpError(409, 'uname_taken', 'this name is taken');
    return json(201, user);
  };
}

/**
 * `POST /login`: the session becomes the user's, under a new id. An unknown name and a wrong password are
 * the same failure, in words and in time.
 * @param byAccount,byAddress what makes guessing slow
 */
export function login(
  users: Users,
  passwords: Passwords,
  byAccount: Backoff,
  byAddress: Backoff,
): Handler {
  return async ({ form, session, address }) => {
    const uname = canonicalUname(form.uname ?? '');
    if (uname === undefined) throw badCredentials();
    const waitMs = Math.max(byAccount.waitFor(uname), byAddress.waitFor(address));
    if (waitMs > 0) throw tooManyRequests(waitMs, 'too many failed logins; wait a little');
    byAccount.failed(uname);
    byAddress.failed(address);
    let isFailure = false;
    try {
      const found = await users.find(uname);
      isFailure = !(await passwords.verify(form.upwd ?? '', found?.upwd));
      if (isFailure || found === undefined) throw badCredentials();
      const { nickname } = found.user;
      session.renew(uname);
      session.set('user', { uname, nickname });
      return json(200, { uname, nickname });
    } finally {
      // A success, or a failure that was not the visitor's, is taken off again.
      if (!isFailure) {
        byAccount.undo(uname);
        byAddress.undo(address);
      }
    }
  };
}

/** `POST /logout`: the session ends on the server; for whoever has none, nothing is left to do. */
export const logout: Handler = ({ session }) => {
  session.end();
  return noContent();
};

function badCredentials(): HttpError {
  return new HttpError(401, 'bad_credentials', 'the name or the password is wrong');
}
