/**
 * The application: a request's one way through, and the one catch. Making it is apart from
 * listening, so a test makes as many as it likes. The route table is in `routes/table.ts`.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from './config.ts';
import { DatabaseUnavailable } from './db/errors.ts';
import type { Database } from './db/queries.ts';
import { createDatabaseStore } from './db/session-store.ts';
import { failureReply } from './failure.ts';
import { checkConditions, conditional } from './http/condition.ts';
import { checkOrigin } from './http/csrf.ts';
import { HttpError } from './http/error.ts';
import { readFields, readForm } from './http/form.ts';
import { isClientGone, whenGone } from './http/gone.ts';
import { type Peer, readPeer } from './http/peer.ts';
import { EVERY_METHOD, otherMethod, type Reply } from './http/reply.ts';
import { readTarget } from './http/request.ts';
import { Router } from './http/router.ts';
import { send } from './http/send.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { createStaticFiles } from './http/static.ts';
import type { Log } from './log.ts';
import type { Route, SessionData } from './routes/route.ts';
import { routeTable } from './routes/table.ts';
import { SessionCookie } from './session/cookie.ts';
import { createMemoryStore } from './session/memory-store.ts';
import { createSessions } from './session/sessions.ts';
import type { SessionStore } from './session/store.ts';
import { sweepRegularly } from './session/sweep.ts';

/** What an application is made of. */
export interface AppOptions {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  /** An absolute path. */
  readonly staticFolder: string;
  /** A test's own monotonic clock in whole ms, place for sessions, and routes beyond the table. */
  readonly now?: () => number;
  readonly store?: SessionStore;
  readonly routes?: readonly Route[];
}

const monotonic = () => Math.trunc(performance.now());

/** Makes the server; the caller lets it listen. */
export function createApp(options: AppOptions): HttpServer {
  const { config, database, log, staticFolder, now = monotonic, routes = [] } = options;
  const findFile = createStaticFiles(staticFolder);
  const router = new Router<Route>();
  const all = [...routeTable(config, database, now), ...routes];
  for (const route of all) router.add(route.method, route.path, route);
  const inMemory = config.sessionStore === 'memory';
  const store =
    options.store ??
    (inMemory
      ? createMemoryStore({ ...config.sessions, now })
      : createDatabaseStore({ ...config.sessions, database }));
  const cookie = new SessionCookie(config.secretKeys);
  // The database's clock is a wall clock, which is taken to be right.
  const clock = inMemory ? now : (options.now ?? Date.now);
  const sessions = createSessions<SessionData>({ ...config.sessions, store, cookie, now: clock });

  /**
   * A request's one way through.
   * @param failureHeaders takes what a failure's answer has to say about the session
   */
  async function respond(
    request: IncomingMessage,
    response: ServerResponse,
    { address, secure }: Peer,
    failureHeaders: string[],
  ): Promise<Reply> {
    const { method = '', headers } = request;
    const { cookie: cookies = '' } = headers;
    const { segments, query, host } = readTarget(request);
    // `OPTIONS *`, which asks after the server as a whole.
    if (segments.length === 0) return otherMethod(method, EVERY_METHOD);

    const file = await findFile(segments, headers);
    if (file) return method === 'GET' || method === 'HEAD' ? file : otherMethod(method, ['GET']);
    const match = router.find(method, segments);
    if (match.kind === 'none') throw new HttpError(404, 'not_found', 'there is nothing here');
    if (match.kind === 'method') return otherMethod(method, match.methods);
    const { value: route, params } = match;

    checkOrigin(method, headers, host, log.hint);
    const opened = await sessions.open(cookies, secure);
    failureHeaders.push(...sessionHeaders(opened.clearing));
    const asked = { params, query: readFields(query, route.query ?? []), session: opened.session };
    // What is only posted to is nothing that GET would show.
    checkConditions(request, route.exists?.(asked) ?? method !== 'POST');
    const reply = await route.handler({
      params,
      query: asked.query,
      session: opened.session,
      form: await readForm(request, response, route.form ?? []),
      ownSessions: opened.own,
      cookies,
      address,
      signal: () => whenGone(response),
    });
    return { ...reply, headers: [...reply.headers, ...sessionHeaders(await opened.close())] };
  }

  /** The one catch. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begin = performance.now();
    const requestId = randomUUID();
    const peer = readPeer(request, config.trustProxy, log.hint);
    const failureHeaders: string[] = [];
    let reply: Reply;
    try {
      reply = conditional(request, await respond(request, response, peer, failureHeaders));
      await send(request, response, reply, peer.secure);
    } catch (error) {
      if (isClientGone(error, response)) return;
      reply = failureReply(error, requestId, log, failureHeaders);
      await send(request, response, reply, peer.secure).catch((unfit) => {
        // A status or headers that cannot be sent: nothing was.
        reply = failureReply(unfit, requestId, log, []);
        return send(request, response, reply, peer.secure);
      });
    }
    const { method = '', url = '' } = request;
    log.request({ method, url, status: reply.status, ms: performance.now() - begin, requestId });
  }

  const app = createHttpServer({
    answer,
    // Of what never became a request there may be no more than dashes.
    refused(refusal, request) {
      const [method, url] = [request?.method ?? '-', request?.url ?? '-'];
      log.request({ method, url, ms: 0, ...refusal });
    },
  });
  const stopSweeping = sweepRegularly(store, (error) => {
    // A database that is gone has had its line in the log.
    if (!(error instanceof DatabaseUnavailable)) log.error('sweeping', error);
  });
  app.server.once('close', stopSweeping);
  return app;
}

/** An answer behind `sessions.open` depends on the cookie, and may set or clear it. */
function sessionHeaders(setCookie: string | undefined): readonly string[] {
  return ['Vary', 'Cookie', ...(setCookie === undefined ? [] : ['Set-Cookie', setCookie])];
}
