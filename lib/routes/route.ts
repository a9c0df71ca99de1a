/** What the handlers have in common: what each is given and what it returns. */
import type { AllowedFields, Fields } from '../http/form.ts';
import type { Reply } from '../http/reply.ts';
import type { Params } from '../http/router.ts';
import type { Session } from '../session/session.ts';
import type { OwnSessions } from '../session/sessions.ts';

/** Which key of the session holds what. What the page writes is text, under a prefix of its own. */
export interface SessionData {
  user: { readonly uname: string; readonly nickname: string };
  [pageKey: `page:${string}`]: string;
}

/** What a handler is given: all of a request that it may need, and nothing of the response. */
export interface Context {
  readonly params: Params;
  readonly query: Fields;
  readonly form: Fields;
  readonly session: Session<SessionData>;
  /** The sessions of this one's owner. */
  readonly ownSessions: () => OwnSessions;
  /** The request's Cookie header as it came, or empty; the session has read its own. */
  readonly cookies: string;
  /** The client's address, for limits. */
  readonly address: string;
  /** Aborted when the client goes away. Asked for by slow handlers only. */
  readonly signal: () => AbortSignal;
}

/**
 * Answers a request: arguments in, a reply out.
 * @throws HttpError for a request that cannot be answered as asked; anything else is answered 500
 */
export type Handler = (context: Context) => Reply | Promise<Reply>;
export type StatelessHandler = (
  context: Omit<Context, 'session' | 'ownSessions'>,
) => Reply | Promise<Reply>;

/** Which requests a handler answers, and which fields they may have. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** The fields that the query may have; none if left out. */
  readonly query?: AllowedFields;
  /** The fields that the form may have; none if left out. */
  readonly form?: AllowedFields;
} & (
  | { readonly session: true; readonly handler: Handler }
  /** Opens no session: the handler works without the session store. */
  | { readonly session?: undefined; readonly handler: StatelessHandler }
);
