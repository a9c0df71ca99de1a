/**
 * The session, seen and changed from outside: `session['key']`, `session['key'] = value` and
 * `del session['key']` as requests, and the list of a user's own sessions.
 */
import { HttpError, json, noContent, unauthorized } from '../http/reply.ts';
import type { Json, SessionRecord, Timeouts } from '../session/store.ts';
import type { Context, Handler } from './route.ts';
import { isSessionKey, isSessionValue } from './validation.ts';

const PREFIX = 'page:';
const MAX_KEYS = 64;

/** `GET /session`: everything the server holds for this browser. Creates nothing. */
export const showSession =
  (timeouts: Timeouts, store: string): Handler =>
  ({ session }) => {
    const user = session.get('user') ?? null;
    const data = Object.fromEntries(pageEntries(session));
    const times = session.record && timesOf(session.record, timeouts);
    // The header tells the page where sessions live.
    return json(200, { exists: session.exists, user, data, ...times }, ['Session-Store', store]);
  };

function timesOf({ createdAt, seenAt }: SessionRecord, { idleMs, absoluteMs }: Timeouts) {
  const expiresAt = createdAt + absoluteMs;
  return {
    createdAt: new Date(createdAt),
    idleExpiresAt: new Date(Math.min(seenAt + idleMs, expiresAt)),
    expiresAt: new Date(expiresAt),
  };
}

/** `GET /session/:key` is `session['key']`. */
export const getKey: Handler = ({ session, params }) => {
  const key = keyOf(params.key);
  const value = session.get(`${PREFIX}${key}`);
  if (value === undefined) throw noSuchKey();
  return json(200, { key, value });
};

/** `PUT /session/:key` is `session['key'] = value`; 201 for a new key (RFC 9110 §9.3.4). */
export const setKey: Handler = ({ session, params, form }) => {
  const key = keyOf(params.key);
  const { value } = form;
  if (value === undefined || !isSessionValue(value)) {
    throw new HttpError(400, 'invalid_value', 'a value is text of at most 4096 bytes');
  }
  const isNew = !session.has(`${PREFIX}${key}`);
  if (isNew && pageEntries(session).length >= MAX_KEYS) {
    throw new HttpError(400, 'too_many_keys', `a session holds at most ${MAX_KEYS} keys`);
  }
  session.set(`${PREFIX}${key}`, value);
  return json(isNew ? 201 : 200, { key, value });
};

/** `DELETE /session/:key` is `del session['key']`. */
export const deleteKey: Handler = ({ session, params }) => {
  if (!session.delete(`${PREFIX}${keyOf(params.key)}`)) throw noSuchKey();
  return noContent();
};

/** `GET /sessions`: where am I logged in? (ASVS 5, 7.5.2) */
export const listSessions: Handler = async (context) => {
  requireLogin(context);
  return json(200, await context.ownSessions().list());
};

/** `DELETE /sessions/:handle`: end one of mine, never another user's. */
export const endSession: Handler = async (context) => {
  requireLogin(context);
  if (!(await context.ownSessions().destroyOne(context.params.handle ?? ''))) {
    throw new HttpError(404, 'no_such_session', 'no session of yours has this handle');
  }
  return noContent();
};

/** `DELETE /sessions`: end all of mine but this one. */
export const endOtherSessions: Handler = async (context) => {
  requireLogin(context);
  await context.ownSessions().destroyOthers();
  return noContent();
};

function requireLogin({ session }: Context): void {
  if (!session.has('user')) throw unauthorized('login_required', 'log in first');
}

function pageEntries(session: Context['session']): [key: string, value: Json][] {
  return session
    .entries()
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value]);
}

function keyOf(text = ''): string {
  if (isSessionKey(text)) return text;
  throw new HttpError(400, 'invalid_key', 'a key has 1–64 letters, digits, "_", "-" and "."');
}

const noSuchKey = () => new HttpError(404, 'no_such_key', 'the session has no such key');
