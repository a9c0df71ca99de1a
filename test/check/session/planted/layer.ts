/**
 * A session layer on which every check holds, in small methods: a planted fault overrides one or two
 * of them. Visitors and users have cookies of different names, so that a visitor's late answer takes
 * no login away.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Stored {
  readonly id: string;
  readonly user: string | undefined;
  readonly createdAt: number;
  readonly data: Map<string, string>;
  seenAt: number;
  /** What ended it; a request in flight may still hold it. */
  ended?: 'login' | 'logout';
  /** The user that logged in, where a login ended it. */
  successor?: string;
}

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly setCookies: string[];
  readonly headers: Record<string, string>;
  /** Work between the head of the answer and its end. */
  beforeEnd?: () => Promise<void>;
}

/** A request in its handler. */
export interface Visit {
  readonly request: Request;
  readonly form: URLSearchParams;
  readonly isSecure: boolean;
  /** The cookies as they came. */
  readonly cookies: readonly (readonly [name: string, value: string])[];
  readonly session: Stored | undefined;
  /** The data when the request came. */
  readonly snapshot: ReadonlyMap<string, string>;
  readonly changes: Map<string, string | undefined>;
  newUser?: string;
  isLogout?: true;
}

export interface Ends {
  readonly idleMs?: number | undefined;
  readonly maxMs?: number | undefined;
}

/** The session was ended by another request. */
export class Ended extends Error {}

export class Layer {
  readonly sessions = new Map<string, Stored>();
  readonly #secret = randomBytes(32);
  readonly ends: Ends;

  constructor(ends: Ends = {}) {
    this.ends = ends;
  }

  /** Answers a request. */
  async respond(request: Request): Promise<Reply> {
    const { method, url, headers } = request;
    const route = this.routes[`${method === 'HEAD' ? 'GET' : method} ${url.pathname}`];
    if (route === undefined) return this.reply(404);
    const visit = this.open(request);
    let reply: Reply;
    try {
      reply = await route(visit);
    } catch {
      return this.failed(visit); // POST /fail throws on purpose
    }
    try {
      reply.setCookies.push(...this.close(visit, reply));
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      return this.overtaken(visit);
    }
    const tag = this.tagOf(visit, reply);
    if (method === 'GET' && reply.status === 200) {
      if (headers['if-none-match'] === tag) return { ...reply, status: 304, body: '' };
      reply.headers.ETag = tag;
    }
    return reply;
  }

  readonly routes: Record<string, (visit: Visit) => Reply | Promise<Reply>> = {
    'GET /get': (visit) => {
      const value = this.get(visit, visit.request.url.searchParams.get('key') ?? '');
      return value === undefined ? this.reply(404) : this.reply(200, value);
    },
    'GET /all': (visit) =>
      this.reply(200, JSON.stringify(Object.fromEntries(this.all(visit.session)))),
    'GET /whoami': (visit) => this.reply(200, visit.session?.user ?? ''),
    'GET /count': () => this.reply(200, String(this.sessions.size)),
    'POST /set': async (visit) => {
      await this.pause(visit);
      this.set(visit, visit.form.get('key') ?? '', visit.form.get('value') ?? '');
      return this.reply(200, 'done');
    },
    'POST /del': (visit) => this.del(visit, visit.form.get('key') ?? ''),
    'POST /login': async (visit) => {
      await this.pause(visit);
      visit.newUser = visit.form.get('user') ?? '';
      return this.reply(200, 'done');
    },
    'POST /logout': (visit) => {
      visit.isLogout = true;
      return this.reply(200, 'done');
    },
    'POST /fail': (visit) => {
      this.set(visit, visit.form.get('key') ?? '', visit.form.get('value') ?? '');
      throw new Error('this handler fails on purpose');
    },
  };

  reply(status: number, body = ''): Reply {
    return { status, body, setCookies: [], headers: this.headers() };
  }

  headers(): Record<string, string> {
    return { 'Content-Type': 'text/plain; charset=utf-8', Vary: 'Cookie' };
  }

  tagOf(_visit: Visit, { body }: Reply): string {
    return `"${createHash('sha256').update(body).digest('hex')}"`;
  }

  async pause({ form }: Visit): Promise<void> {
    const ms = Number(form.get('ms') ?? 0);
    if (ms > 0) await sleep(ms);
  }

  // The data

  get({ session }: Visit, key: string): string | undefined {
    return session?.data.get(key);
  }

  all(session: Stored | undefined): ReadonlyMap<string, string> {
    return session?.data ?? new Map();
  }

  set({ changes }: Visit, key: string, value: string): void {
    changes.set(key, value);
  }

  del({ session, changes }: Visit, key: string): Reply {
    if (session?.data.has(key)) changes.set(key, undefined);
    return this.reply(200, 'done');
  }

  // The cookie

  /** @param of whose it is */
  cookieName(of: 'visitor' | 'user', isSecure: boolean): string {
    const name = of === 'user' ? 'user' : 'visitor';
    return isSecure ? `__Host-${name}` : name;
  }

  attributes(isSecure: boolean): string[] {
    return ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(isSecure ? ['Secure'] : [])];
  }

  issue({ id, user }: Stored, isSecure: boolean): string[] {
    const name = this.cookieName(user === undefined ? 'visitor' : 'user', isSecure);
    return [[`${name}=${this.encode(id)}`, ...this.attributes(isSecure)].join('; ')];
  }

  /** Takes back those that the browser sent. */
  clear({ cookies, isSecure }: Visit, of: readonly ('visitor' | 'user')[]): string[] {
    const sent = of
      .map((one) => this.cookieName(one, isSecure))
      .filter((name) => cookies.some(([own]) => own === name));
    return [...new Set(sent)].map((name) =>
      [`${name}=`, 'Max-Age=0', ...this.attributes(isSecure)].join('; '),
    );
  }

  parse(header: string): [name: string, value: string][] {
    return header.split(';').flatMap((pair): [string, string][] => {
      const place = pair.indexOf('=');
      return place < 0 ? [] : [[pair.slice(0, place).trim(), pair.slice(place + 1).trim()]];
    });
  }

  /** The values of our cookies, a user's first. */
  valuesIn(cookies: Visit['cookies'], isSecure: boolean): string[] {
    const names = (['user', 'visitor'] as const).map((of) => this.cookieName(of, isSecure));
    return [...new Set(names)].flatMap((name) =>
      cookies.filter(([own]) => own === name).map(([, value]) => value),
    );
  }

  newId(_visit: Visit): string {
    return randomBytes(32).toString('hex');
  }

  encode(id: string): string {
    return `${id}.${this.sign(id)}`;
  }

  sign(id: string): string {
    return createHmac('sha256', this.#secret).update(id).digest('hex');
  }

  /** The id, if we signed it. */
  decode(value: string): string | undefined {
    const [id = '', signature = '', ...rest] = value.split('.');
    return rest.length === 0 && this.isSigned(id, signature) ? id : undefined;
  }

  isSigned(id: string, signature: string): boolean {
    return signature === this.sign(id);
  }

  // The session

  open(request: Request): Visit {
    const isSecure = request.headers['x-forwarded-proto'] === 'https';
    const cookies = this.parse(request.headers.cookie ?? '');
    let session: Stored | undefined;
    for (const value of this.valuesIn(cookies, isSecure)) {
      const id = this.decode(value);
      session ??= id === undefined ? undefined : this.find(id, request);
    }
    const snapshot = new Map(session?.data);
    const form = new URLSearchParams(request.body);
    return { request, form, isSecure, cookies, session, snapshot, changes: new Map() };
  }

  find(id: string, request: Request): Stored | undefined {
    const session = this.sessions.get(id);
    if (session === undefined) return undefined;
    if (this.isOver(session, request)) {
      this.sessions.delete(id);
      return undefined;
    }
    this.touch(session, request);
    return session;
  }

  isOver({ createdAt, seenAt }: Stored, _request: Request): boolean {
    const { idleMs = Number.POSITIVE_INFINITY, maxMs = Number.POSITIVE_INFINITY } = this.ends;
    const now = performance.now();
    return now - seenAt > idleMs || now - createdAt > maxMs;
  }

  touch(session: Stored, _request: Request): void {
    session.seenAt = performance.now();
  }

  /** Stores what was changed. @returns the Set-Cookie fields. @throws Ended */
  close(visit: Visit, _reply: Reply): string[] {
    const { session, changes, newUser, isLogout, isSecure } = visit;
    if (isLogout) return this.logOut(visit);
    if (newUser !== undefined) return this.logIn(visit, newUser);
    if (changes.size === 0) return [];
    if (session === undefined) return this.issue(this.create(visit), isSecure);
    if (session.ended) throw new Ended();
    this.patch(visit, session);
    return [];
  }

  create(visit: Visit, user?: string, data: ReadonlyMap<string, string> = new Map()): Stored {
    const now = performance.now();
    const times = { createdAt: now, seenAt: now };
    const session = { id: this.newId(visit), user, data: new Map(data), ...times };
    this.sessions.set(session.id, session);
    this.patch(visit, session);
    return session;
  }

  patch({ changes }: Visit, { data }: Stored): void {
    for (const [key, value] of changes) {
      if (value === undefined) data.delete(key);
      else data.set(key, value);
    }
  }

  logIn(visit: Visit, user: string): string[] {
    const { session, isSecure } = visit;
    const inherits = session && this.inherits(session, user);
    if (session) this.end(session, 'login', user);
    const created = this.create(visit, user, inherits ? session.data : new Map());
    return [...this.issue(created, isSecure), ...this.clear(visit, ['visitor'])];
  }

  /** Also from a session that another login of the same user has just ended. */
  inherits({ user, ended, successor }: Stored, newUser: string): boolean {
    if (ended === 'logout' || (ended === 'login' && successor !== newUser)) return false;
    return user === undefined || user === newUser;
  }

  logOut(visit: Visit): string[] {
    if (visit.session) this.end(visit.session, 'logout');
    return this.clear(visit, ['visitor', 'user']);
  }

  end(session: Stored, by: 'login' | 'logout', successor?: string): void {
    session.ended ??= by;
    if (successor !== undefined) session.successor ??= successor;
    this.sessions.delete(session.id);
  }

  /** The answer to a write whose session was ended meanwhile. */
  overtaken(_visit: Visit): Reply {
    return this.reply(409, 'the session was ended meanwhile');
  }

  /** The answer of a handler that throws. */
  failed(_visit: Visit): Reply {
    return this.reply(500, 'an error');
  }
}
