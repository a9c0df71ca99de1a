/** The route table: which request is answered by what, and which fields it may have. */
import type { Config } from '../config.ts';
import { createDatabaseBackoff } from '../db/backoff.ts';
import type { Database } from '../db/queries.ts';
import { createTerms } from '../db/terms.ts';
import { createUsers } from '../db/users.ts';
import { createBackoff, createRateLimit } from '../http/rate-limit.ts';
import { json } from '../http/reply.ts';
import { createPasswords } from '../password.ts';
import { login, logout, register } from './account.ts';
import { checkUname } from './check-uname.ts';
import { lessons } from './lessons.ts';
import type { Handler, Route } from './route.ts';
import * as session from './session.ts';
import { suggest } from './suggest.ts';

/** Every route of the application. @param now a monotonic clock in ms, for the limits */
export function routeTable(config: Config, database: Database, now: () => number): Route[] {
  const users = createUsers(database);
  const suggestions = suggest(createTerms(database));
  const passwords = createPasswords();
  const checks = createRateLimit(config.checkUnamePerMinute, now);
  const backoff = (kind: string) =>
    config.sessionStore === 'memory'
      ? createBackoff(config.loginFailures, now)
      : createDatabaseBackoff(database, kind, config.loginFailures);
  const logIn = login(users, passwords, backoff('account'), backoff('address'));
  const key = { path: '/session/:key', exists: session.hasKey };
  const end = { method: 'DELETE', exists: session.hasUser } as const;

  return [
    get('/check-uname', checkUname(users, checks), ['uname']),
    post('/register', register(users, passwords), ['uname', 'upwd', 'nickname']),
    post('/login', logIn, ['uname', 'upwd']),
    post('/logout', logout),

    get('/session', session.showSession(config.sessionStore)),
    get('/session/:key', session.getKey),
    { ...key, method: 'PUT', handler: session.setKey, form: ['value'] },
    { ...key, method: 'DELETE', handler: session.deleteKey },
    get('/sessions', session.listSessions),
    { ...end, path: '/sessions', handler: session.endOtherSessions },
    { ...end, path: '/sessions/:handle', handler: session.endSession },

    get('/suggest', suggestions, ['q', 'lang']),

    // What a supervisor asks: does the process live, and could it do its work?
    get('/healthz', () => json(200, { status: 'ok' })),
    get('/readyz', async () => {
      await database.select('SELECT 1', []);
      return json(200, { status: 'ready' });
    }),
    ...(config.lab ? lessons(suggestions) : []),
  ];
}

function get(path: string, handler: Handler, query: readonly string[] = []): Route {
  return { method: 'GET', path, handler, query };
}

function post(path: string, handler: Handler, form: readonly string[] = []): Route {
  return { method: 'POST', path, handler, form };
}
