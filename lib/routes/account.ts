/** An account: registering, logging in, logging out. */
import type { User, Users } from '../db/users.ts';
import { type RateLimit, tooManyRequests } from '../http/rate-limit.ts';
import { HttpError, json, noContent, unauthorized } from '../http/reply.ts';
import type { Passwords } from '../password.ts';
import { unameField } from './check-uname.ts';
import type { Handler, StatelessHandler } from './route.ts';
import { canonicalUname, isNickname, isUpwd } from './validation.ts';

/** `POST /register`: stores the user. The unique key decides, so of several only one can win. */
export function register(users: Users, passwords: Passwords): StatelessHandler {
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
 * `POST /login`: the session becomes the user's, under a new id. An unknown name and a wrong
 * password fail alike, in words and in time.
 * @param perAccount,perAddress limit failed logins: see `table.ts`
 */
export function login(
  users: Users,
  passwords: Passwords,
  perAccount: RateLimit,
  perAddress: RateLimit,
): Handler {
  async function authenticate(uname: string, upwd: string): Promise<User | undefined> {
    const found = await users.find(uname);
    return (await passwords.verify(upwd, found?.upwd)) ? found?.user : undefined;
  }

  return async ({ form, session, address }) => {
    const uname = canonicalUname(form.uname ?? '');
    if (uname === undefined) throw badCredentials();
    // Counted before the password is verified, so that parallel attempts count as well.
    const addressMs = perAddress.take(address);
    const waitMs = addressMs || perAccount.take(uname);
    if (waitMs > 0 && addressMs === 0) perAddress.refund(address);
    if (waitMs > 0) throw tooManyRequests(waitMs, 'too many failed logins; wait a little');
    const user = await authenticate(uname, form.upwd ?? '').catch((error) => {
      // A fault of the server's own is no failed login.
      perAccount.refund(uname);
      perAddress.refund(address);
      throw error;
    });
    if (user === undefined) throw badCredentials();
    perAccount.reset(uname);
    // Only this attempt: an account of one's own must not win back guesses at others'.
    perAddress.refund(address);
    const { nickname } = user;
    session.regenerate(uname);
    session.set('user', { uname, nickname });
    return json(200, { uname, nickname });
  };
}

/** `POST /logout`: the session ends on the server, and the cookie is cleared. */
export const logout: Handler = ({ session }) => {
  session.destroy();
  return noContent();
};

const badCredentials = () => unauthorized('bad_credentials', 'the name or the password is wrong');
