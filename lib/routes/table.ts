/** The route table: which request is answered by what, and which fields it may have. */
import type { Config } from '../config.ts';
import type { Database } from '../db/queries.ts';
import { createTerms } from '../db/terms.ts';
import { createUsers } from '../db/users.ts';
import { createRateLimit } from '../http/rate-limit.ts';
import { json } from '../http/reply.ts';
import { createPasswords } from '../password.ts';
import { login, logout, register } from './account.ts';
import { checkUname } from './check-uname.ts';
import { lessons } from './lessons.ts';
import type { Route, StatelessHandler } from './route.ts';
import * as session from './session.ts';
import { suggest } from './suggest.ts';

const MINUTE_MS = 60_000;

/** Every route of the application. @param now a monotonic clock in ms, for the limits */
export function routeTable(config: Config, database: Database, now: () => number): Route[] {
  const users = createUsers(database);
  const suggestions = suggest(createTerms(database));
  const passwords = createPasswords();
  const { checkUnamePerMinute: checks, loginFailures: burst } = config;
  const checkLimit = createRateLimit(checks, MINUTE_MS / (checks || 1), now);
  // About a hundred guesses a day at one account.
  const perAccount = createRateLimit(burst, 15 * MINUTE_MS, now);
  const perAddress = createRateLimit(burst, MINUTE_MS, now);
  const logIn = login(users, passwords, perAccount, perAddress);
  const stateful = { session: true } as const;
  const key = { ...stateful, path: '/session/:key' };

  return [
    get('/check-uname', checkUname(users, checkLimit), ['uname']),
    post('/register', register(users, passwords), ['uname', 'upwd', 'nickname']),
    { ...stateful, method: 'POST', path: '/login', handler: logIn, form: ['uname', 'upwd'] },
    { ...stateful, method: 'POST', path: '/logout', handler: logout },

    {
      ...stateful,
      method: 'GET',
      path: '/session',
      handler: session.showSession(config.sessions, config.sessionStore),
    },
    { ...key, method: 'GET', handler: session.getKey },
    { ...key, method: 'PUT', handler: session.setKey, form: ['value'] },
    { ...key, method: 'DELETE', handler: session.deleteKey },
    { ...stateful, method: 'GET', path: '/sessions', handler: session.listSessions },
    { ...stateful, method: 'DELETE', path: '/sessions', handler: session.endOtherSessions },
    { ...stateful, method: 'DELETE', path: '/sessions/:handle', handler: session.endSession },

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

function get(path: string, handler: StatelessHandler, query: readonly string[] = []): Route {
  return { method: 'GET', path, handler, query };
}

function post(path: string, handler: StatelessHandler, form: readonly string[] = []): Route {
  return { method: 'POST', path, handler, form };
}
