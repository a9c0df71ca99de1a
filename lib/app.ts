/** The application: the request pipeline from the head of a request to its reply, and the one catch. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from './config.ts';
import { DatabaseUnavailable } from './db/errors.ts';
import { type Database, statements } from './db/queries.ts';
import { createDatabaseStore } from './db/session-store.ts';
import { checkCsrf } from './http/csrf.ts';
import { readFields, readForm } from './http/form.ts';
import { HttpError, METHODS, notAllowed, problem, type Reply, withHeaders } from './http/reply.ts';
import { type Client, readClient, readTarget } from './http/request.ts';
import { createRouter } from './http/router.ts';
import { disconnectSignal, isDisconnect, send } from './http/send.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { createStaticFiles } from './http/static.ts';
import type { Log } from './log.ts';
import type { Route, SessionData } from './routes/route.ts';
import { routeTable } from './routes/table.ts';
import { QueueFullError, TimeoutError } from './semaphore.ts';
import { createSessionCookie } from './session/cookie.ts';
import { createMemoryStore } from './session/memory-store.ts';
import { createSessions } from './session/sessions.ts';
import type { SessionStore } from './session/store.ts';
import { SessionEnded, SessionsFull, SessionTooLarge, StoreUnavailable } from './session/store.ts';

/** What an application is made of. */
export interface AppOptions {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  /** An absolute path. */
  readonly staticFolder: string;
  /** For tests: a monotonic clock in whole ms, a session store, routes beyond the table. */
  readonly now?: () => number;
  readonly store?: SessionStore;
  readonly routes?: readonly Route[];
}

/** Which error is which status. Every other one that is no HttpError is a bug: 500, and logged. */
const STATUS_OF = [
  [DatabaseUnavailable, 503, 'database_unavailable', 'the database does not answer now'],
  // Of the queue of passwords: queries that time out are DatabaseUnavailable.
  [QueueFullError, 503, 'busy', 'too many passwords are being checked now'],
  [TimeoutError, 503, 'busy', 'too many passwords are being checked now'],
  [StoreUnavailable, 503, 'store_unavailable', 'the session store does not answer now'],
  [SessionsFull, 503, 'sessions_full', 'the server has no room for this session now'],
  [SessionTooLarge, 413, 'session_too_large', 'a session holds at most 16 KiB'],
  [SessionEnded, 409, 'session_ended', 'your session was ended meanwhile'],
] as const;

/** Between two deletions of expired sessions. */
const SWEEP_INTERVAL_MS = 1000;

const monotonic = () => Math.trunc(performance.now());

/** Makes the server; the caller lets it listen. */
export function createApp(options: AppOptions): HttpServer {
  const { config, database, log, staticFolder, now = monotonic, routes = [] } = options;
  const findFile = createStaticFiles(staticFolder);
  const findRoute = createRouter([...routeTable(config, database, now), ...routes]);
  const store: SessionStore = options.store ?? createStore(options);
  const sessions = createSessions<SessionData>(store, createSessionCookie(config.secretKeys));

  /** The request pipeline. */
  async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    { address, secure }: Client,
  ): Promise<Reply> {
    const { method = '', headers } = request;
    const { cookie: cookies = '' } = headers;
    const { path, query, host } = readTarget(request);
    if (path.length === 0) return notAllowed(method, METHODS);
    const finding = findFile(method, path, headers);
    const file = finding && (await finding);
    if (file) return file;
    const { route, params, methods } = findRoute(method, path);
    if (route === undefined) return notAllowed(method, methods);
    checkCsrf(method, headers, host, log.warnOnce);
    const context = {
      params,
      query: readFields(query, route.query),
      cookies,
      address,
      signal: () => disconnectSignal(response),
    };
    const readBody = () => readForm(request, response, route.form);
    if (!route.session) return route.handler({ ...context, form: await readBody() });
    const { session, own: ownSessions, close } = await sessions.open(cookies, secure);
    const form = await readBody();
    const reply = await route.handler({ ...context, form, session, ownSessions });
    const setCookies = (await close()).flatMap((value) => ['Set-Cookie', value]);
    return withHeaders(reply, ['Vary', 'Cookie', ...setCookies]);
  }

  /** The one catch. */
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begin = performance.now();
    const requestId = randomUUID();
    const client = readClient(request, config.trustProxy, log.warnOnce);
    const sent: string[] = [];
    let reply: Reply;
    try {
      const replying = () => respond(request, response, client);
      reply = withTiming(await (config.lab ? statements.run(sent, replying) : replying()), sent);
      await send(request, response, reply, client.secure);
    } catch (error) {
      if (isDisconnect(error, response)) return;
      reply = withTiming(errorReply(error, requestId), sent);
      await send(request, response, reply, client.secure).catch((unsendable) => {
        reply = errorReply(unsendable, requestId);
        return send(request, response, reply, client.secure);
      });
    }
    // An answer that broke off is logged with the status of what broke it.
    const { method = '', url = '' } = request;
    log.request({ method, url, status: reply.status, ms: performance.now() - begin, requestId });
  }

  function errorReply(thrown: unknown, requestId: string): Reply {
    if (thrown instanceof HttpError) return problem(thrown, requestId);
    for (const [type, status, code, detail] of STATUS_OF) {
      if (!(thrown instanceof type)) continue;
      const headers = status === 503 ? ['Retry-After', '1'] : [];
      return problem(new HttpError(status, code, detail, headers), requestId);
    }
    log.error(`request ${requestId}`, thrown);
    const detail = 'something went wrong here; it has been logged';
    return problem(new HttpError(500, 'internal_error', detail), requestId);
  }

  const app = createHttpServer(handle);
  const sweep = () =>
    sessions.sweep().catch((error) => {
      // The database logs its own outages.
      if (!(error instanceof DatabaseUnavailable)) log.error('sweeping', error);
    });
  const sweeping = setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  app.server.once('close', () => clearInterval(sweeping));
  return app;
}

function createStore({ config: { sessions, sessionStore }, database, now }: AppOptions) {
  if (sessionStore === 'database') return createDatabaseStore({ ...sessions, database });
  return createMemoryStore({ ...sessions, ...(now ? { now } : {}) });
}

/** Says what the database was asked, to the lessons and to the developer tools. */
function withTiming(reply: Reply, sent: readonly string[]): Reply {
  const metrics = sent.map((sql) => `db;desc="${sql.replace(/\s+/g, ' ')}"`);
  return metrics.length > 0 ? withHeaders(reply, ['Server-Timing', metrics.join(', ')]) : reply;
}
