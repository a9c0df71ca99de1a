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
import type { Handler, Route, StatelessHandler } from './route.ts';
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
  const showSession = session.showSession(config.sessions, config.sessionStore);

  return [
    get('/check-uname', checkUname(users, checkLimit), ['uname']),
    {
      method: 'POST',
      path: '/register',
      handler: register(users, passwords),
      form: ['uname', 'upwd', 'nickname'],
    },
    inSession('POST', '/login', logIn, ['uname', 'upwd']),
    inSession('POST', '/logout', logout),

    inSession('GET', '/session', showSession),
    inSession('GET', '/session/:key', session.getKey),
    inSession('PUT', '/session/:key', session.setKey, ['value']),
    inSession('DELETE', '/session/:key', session.deleteKey),
    inSession('GET', '/sessions', session.listSessions),
    inSession('DELETE', '/sessions', session.endOtherSessions),
    inSession('DELETE', '/sessions/:handle', session.endSession),

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

function inSession(method: Route['method'], path: string, handler: Handler, form: string[] = []) {
  return { session: true, method, path, handler, form } satisfies Route;
}
