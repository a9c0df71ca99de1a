/**
 * A fault for each check, planted into the layer that is right. `also` names the checks in which the
 * fault cannot but show as well, each with the reason beside it.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ends, Layer, type Reply, type Request, type Stored, type Visit } from './layer.ts';

export interface Fault {
  /** The check that must name it. */
  readonly found: string;
  /** Behind «a layer that». */
  readonly what: string;
  readonly Planted: new (ends: Ends) => Layer;
  readonly also?: readonly string[];
}

const HEX_32 = /^[0-9a-f]{32}$/;
const isGet = ({ method }: Request) => method === 'GET';
/** How long a layer that stores late waits for another request. */
const STORED_LATE_MS = 300;

/** Sends the head of an answer, and stores when it has answered the next request, or a while later. */
class StoresLate extends Layer {
  #answered = () => {};

  override async respond(request: Request): Promise<Reply> {
    const reply = await super.respond(request);
    this.#answered();
    return reply;
  }

  storeLate(reply: Reply, store: () => void): void {
    reply.beforeEnd = async () => {
      const next = new Promise<void>((resolve) => {
        this.#answered = resolve;
      });
      await Promise.race([next, sleep(STORED_LATE_MS)]);
      store();
    };
  }
}

export const FAULTS: readonly Fault[] = [
  // Reading creates nothing
  {
    found: 'read-sets-nothing',
    what: 'counts visitors by a cookie from their first read on',
    Planted: class extends Layer {
      override close(visit: Visit, reply: Reply) {
        const isFirst = isGet(visit.request) && visit.cookies.length === 0;
        const counted = isFirst ? [['seen=1', ...this.attributes(visit.isSecure)].join('; ')] : [];
        return [...super.close(visit, reply), ...counted];
      }
    },
  },
  {
    found: 'strangers-leave-nothing',
    what: 'stores an empty session for each visitor who reads',
    Planted: class extends Layer {
      override open(request: Request) {
        const visit = super.open(request);
        if (isGet(request) && visit.cookies.length === 0 && request.url.pathname === '/get')
          this.create(visit);
        return visit;
      }
    },
  },
  {
    found: 'del-by-stranger',
    what: 'makes a session in order to delete a key in it',
    Planted: class extends Layer {
      override del(visit: Visit, key: string) {
        visit.changes.set(key, undefined);
        return super.del(visit, key);
      }
    },
  },
  {
    found: 'dead-reads-nothing',
    what: 'answers a read with an unknown id by a new session',
    Planted: class extends Layer {
      override close(visit: Visit, reply: Reply) {
        const isUnknown =
          isGet(visit.request) &&
          visit.session === undefined &&
          this.valuesIn(visit.cookies, visit.isSecure).length > 0;
        const given = isUnknown ? this.issue(this.create(visit), visit.isSecure) : [];
        return [...super.close(visit, reply), ...given];
      }
    },
  },
  {
    found: 'fail-by-stranger',
    what: 'makes a session for a visitor whose request fails',
    Planted: class extends Layer {
      override failed(visit: Visit) {
        const reply = super.failed(visit);
        if (visit.session === undefined)
          reply.setCookies.push(...this.issue(this.create(visit), visit.isSecure));
        return reply;
      }
    },
  },

  // The cookie
  {
    found: 'cookie-httponly',
    what: 'leaves HttpOnly away',
    Planted: class extends Layer {
      override attributes(isSecure: boolean) {
        return super.attributes(isSecure).filter((one) => one !== 'HttpOnly');
      }
    },
  },
  {
    found: 'cookie-samesite',
    what: 'leaves SameSite away',
    Planted: class extends Layer {
      override attributes(isSecure: boolean) {
        return super.attributes(isSecure).filter((one) => !one.startsWith('SameSite'));
      }
    },
  },
  {
    found: 'cookie-scope',
    what: 'leaves Path away',
    Planted: class extends Layer {
      override attributes(isSecure: boolean) {
        return super.attributes(isSecure).filter((one) => !one.startsWith('Path'));
      }
      // A browser ignores a __Host- cookie without Path=/.
      override cookieName(of: 'visitor' | 'user', isSecure: boolean) {
        return super.cookieName(of, isSecure).replace('__Host-', '__Secure-');
      }
    },
  },
  {
    found: 'cookie-secure',
    what: 'leaves Secure away',
    // A browser ignores a cookie with such a prefix and without Secure.
    also: ['cookie-prefix'],
    Planted: class extends Layer {
      override attributes() {
        return super.attributes(false);
      }
      override cookieName(of: 'visitor' | 'user') {
        return super.cookieName(of, false);
      }
    },
  },
  {
    found: 'cookie-prefix',
    what: 'gives the cookie a name without a prefix',
    Planted: class extends Layer {
      override cookieName(of: 'visitor' | 'user') {
        return super.cookieName(of, false);
      }
    },
  },
  {
    found: 'cookie-name',
    what: 'calls the cookie as its framework does by default',
    Planted: class extends Layer {
      override cookieName(of: 'visitor' | 'user', isSecure: boolean) {
        return super.cookieName(of, isSecure).replace('visitor', 'connect.sid');
      }
    },
  },
  {
    found: 'cookie-lifetime',
    what: 'lets the cookie outlive the browser',
    Planted: class extends Layer {
      override issue(session: Stored, isSecure: boolean) {
        return super.issue(session, isSecure).map((line) => `${line}; Max-Age=86400`);
      }
    },
  },
  {
    found: 'cookie-grammar',
    what: 'writes a comma into the value',
    Planted: class extends Layer {
      override encode(id: string) {
        return super.encode(id).replace('.', ',');
      }
      override decode(value: string) {
        return super.decode(value.replace(',', '.'));
      }
    },
  },
  {
    found: 'no-cookie-each-time',
    what: 'sends the cookie again with each read',
    Planted: class extends Layer {
      override close(visit: Visit, reply: Reply) {
        const { session, request, isSecure } = visit;
        const again = session && isGet(request) ? this.issue(session, isSecure) : [];
        return [...super.close(visit, reply), ...again];
      }
    },
  },
  {
    found: 'no-cookie-on-write',
    what: 'sends the cookie again with each write',
    Planted: class extends Layer {
      override close(visit: Visit, reply: Reply) {
        const set = super.close(visit, reply);
        const isWrite = visit.session && visit.request.url.pathname === '/set';
        return isWrite && visit.session ? this.issue(visit.session, visit.isSecure) : set;
      }
    },
  },
  {
    found: 'one-set-cookie',
    what: 'sets the cookie twice',
    Planted: class extends Layer {
      override issue(session: Stored, isSecure: boolean) {
        const once = super.issue(session, isSecure);
        return [...once, ...once];
      }
    },
  },

  // The id
  {
    found: 'id-fresh',
    what: 'makes the id of the first key, where that is «fresh»',
    Planted: class extends Layer {
      override newId(visit: Visit) {
        return visit.changes.has('fresh') ? 'f'.repeat(64) : super.newId(visit);
      }
    },
  },
  {
    found: 'id-64-bits',
    what: 'makes ids of 32 bits',
    // What is less than 64 is less than 128.
    also: ['id-128-bits'],
    Planted: class extends Layer {
      override newId() {
        return randomBytes(4).toString('hex');
      }
    },
  },
  {
    found: 'id-128-bits',
    what: 'makes ids of 96 bits',
    Planted: class extends Layer {
      override newId() {
        return randomBytes(12).toString('hex');
      }
    },
  },
  {
    found: 'data-not-in-cookie',
    what: 'tells the user’s name in a second cookie, in base64',
    Planted: class extends Layer {
      override logIn(visit: Visit, user: string) {
        const name = visit.isSecure ? '__Host-name' : 'name';
        const pair = `${name}=${Buffer.from(user).toString('base64url')}`;
        return [...super.logIn(visit, user), [pair, ...this.attributes(visit.isSecure)].join('; ')];
      }
      override logOut(visit: Visit) {
        const name = visit.isSecure ? '__Host-name' : 'name';
        const line = [`${name}=`, 'Max-Age=0', ...this.attributes(visit.isSecure)].join('; ');
        return [...super.logOut(visit), ...(visit.session?.user === undefined ? [] : [line])];
      }
    },
  },
  {
    found: 'id-in-url',
    what: 'takes the id from the address as well',
    Planted: class extends Layer {
      override open(request: Request) {
        const value = request.url.searchParams.get('session_id');
        if (value === null) return super.open(request);
        const isSecure = request.headers['x-forwarded-proto'] === 'https';
        const cookie = `${this.cookieName('user', isSecure)}=${value}`;
        return super.open({ ...request, headers: { ...request.headers, cookie } });
      }
    },
  },

  // Cookies that the server did not issue
  {
    found: 'planted-not-adopted',
    what: 'takes an unknown id of 32 hex digits for the id of a new session',
    Planted: class extends Layer {
      override decode(value: string) {
        return HEX_32.test(value) && this.sessions.has(value) ? value : super.decode(value);
      }
      override newId(visit: Visit) {
        const [value = ''] = this.valuesIn(visit.cookies, visit.isSecure);
        const isWrite = visit.request.url.pathname === '/set';
        return isWrite && HEX_32.test(value) ? value : super.newId(visit);
      }
    },
  },
  {
    found: 'planted-then-login',
    what: 'lets a login take an unknown id',
    Planted: class extends Layer {
      override decode(value: string) {
        return HEX_32.test(value) && this.sessions.has(value) ? value : super.decode(value);
      }
      override newId(visit: Visit) {
        const [value = ''] = this.valuesIn(visit.cookies, visit.isSecure);
        return visit.newUser && HEX_32.test(value) ? value : super.newId(visit);
      }
    },
  },
  {
    found: 'altered',
    what: 'checks only the end of the signature',
    Planted: class extends Layer {
      override isSigned(id: string, signature: string) {
        const right = this.sign(id);
        return signature.length === right.length && signature.slice(-20) === right.slice(-20);
      }
    },
  },
  {
    found: 'truncated',
    what: 'takes a signature that lacks its last letters',
    Planted: class extends Layer {
      override isSigned(id: string, signature: string) {
        const right = this.sign(id);
        return signature === right || signature === right.slice(0, -4);
      }
    },
  },
  {
    found: 'loose-end',
    what: 'checks only the beginning of the signature',
    Planted: class extends Layer {
      override isSigned(id: string, signature: string) {
        return signature.startsWith(this.sign(id));
      }
    },
  },
  {
    found: 'resigned',
    what: 'takes the signature of any session',
    Planted: class extends Layer {
      override isSigned(_id: string, signature: string) {
        return [...this.sessions.keys()].some((id) => this.sign(id) === signature);
      }
    },
  },
  {
    found: 'empty',
    what: 'fails at an empty cookie',
    Planted: class extends Layer {
      override decode(value: string) {
        if (value === '') throw new Error('planted');
        return super.decode(value);
      }
    },
  },
  {
    found: 'oversized',
    what: 'fails at a cookie of 4 KB',
    Planted: class extends Layer {
      override decode(value: string) {
        if (value.length > 4000) throw new Error('planted');
        return super.decode(value);
      }
    },
  },
  {
    found: 'bad-escapes',
    what: 'fails at broken percent-encoding',
    Planted: class extends Layer {
      override decode(value: string) {
        return super.decode(decodeURIComponent(value));
      }
    },
  },
  {
    found: 'odd-values',
    what: 'parses a cookie that looks like JSON',
    Planted: class extends Layer {
      override decode(value: string) {
        return super.decode(value.startsWith('{') ? JSON.parse(value).trim() : value);
      }
    },
  },
  {
    found: 'quoted',
    what: 'fails at a value in quotes',
    Planted: class extends Layer {
      override decode(value: string) {
        if (/^".+"$/.test(value)) throw new Error('planted');
        return super.decode(value);
      }
    },
  },
  {
    found: 'doubled',
    what: 'fails at a write with two cookies of its name',
    Planted: class extends Layer {
      override open(request: Request) {
        const visit = super.open(request);
        const names = visit.cookies.map(([name]) => name).filter((name) => /visitor$/.test(name));
        if (names.length > 1 && !isGet(request)) throw new Error('planted');
        return visit;
      }
    },
  },
  {
    found: 'doubled-found',
    what: 'looks at the first cookie of its name only',
    Planted: class extends Layer {
      override valuesIn(cookies: Visit['cookies'], isSecure: boolean) {
        return super.valuesIn(cookies, isSecure).slice(0, 1);
      }
    },
  },
  {
    found: 'among-others',
    what: 'ignores all cookies when one has no «=»',
    Planted: class extends Layer {
      override parse(header: string) {
        return header.split(';').every((pair) => pair.includes('=')) ? super.parse(header) : [];
      }
    },
  },

  // Login
  {
    found: 'login-renews',
    what: 'logs in without a new id',
    // The id that stays is the old one, and it lives.
    also: ['login-old-dead', 'login-race'],
    Planted: class extends Layer {
      override logIn(visit: Visit, user: string) {
        const { session, isSecure } = visit;
        if (session === undefined || session.user !== undefined || session.ended)
          return super.logIn(visit, user);
        const { id } = session;
        this.sessions.set(id, Object.assign(session, { user }));
        this.patch(visit, session);
        return this.issue(session, isSecure).slice(1);
      }
    },
  },
  {
    found: 'login-old-dead',
    what: 'lets the old id read on until the first write with it',
    Planted: class extends Layer {
      readonly #old = new Map<string, Stored>();
      override end(session: Stored, by: 'login' | 'logout', successor?: string) {
        super.end(session, by, successor);
        if (by === 'login' && session.user === undefined) this.#old.set(session.id, session);
      }
      override find(id: string, request: Request) {
        return super.find(id, request) ?? (isGet(request) ? this.#old.get(id) : undefined);
      }
      override overtaken(visit: Visit) {
        this.#old.delete(visit.session?.id ?? '');
        return super.overtaken(visit);
      }
    },
  },
  {
    found: 'login-keeps-data',
    what: 'drops what the visitor wrote before the login',
    Planted: class extends Layer {
      override inherits({ user }: Stored, newUser: string) {
        return user === newUser;
      }
    },
  },
  {
    found: 'login-no-leak',
    what: 'hands one user’s data to the next',
    Planted: class extends Layer {
      override inherits({ ended }: Stored) {
        return ended !== 'logout';
      }
    },
  },
  {
    found: 'relogin-renews',
    what: 'renews the id only when another user logs in',
    Planted: class extends Layer {
      override logIn(visit: Visit, user: string) {
        return visit.session?.user === user ? [] : super.logIn(visit, user);
      }
    },
  },
  {
    found: 'two-browsers',
    what: 'logs a user out in all browsers',
    Planted: class extends Layer {
      override logOut(visit: Visit) {
        for (const one of this.sessions.values())
          if (one.user !== undefined && one.user === visit.session?.user) this.end(one, 'logout');
        return super.logOut(visit);
      }
    },
  },
  {
    found: 'login-race',
    what: 'stores a session again that a login has ended',
    Planted: class extends Layer {
      override overtaken(visit: Visit) {
        const { session } = visit;
        if (session?.ended === 'login') this.sessions.set(session.id, session);
        return super.overtaken(visit);
      }
    },
  },
  {
    found: 'login-race-browser',
    what: 'takes all cookies back when a login has ended the session meanwhile',
    Planted: class extends Layer {
      override overtaken(visit: Visit) {
        const reply = super.overtaken(visit);
        const name = this.cookieName('user', visit.isSecure);
        if (visit.session?.ended === 'login')
          reply.setCookies.push(
            [`${name}=`, 'Max-Age=0', ...this.attributes(visit.isSecure)].join('; '),
          );
        return reply;
      }
    },
  },
  {
    found: 'late-first-write',
    what: 'has one cookie for visitors and users',
    Planted: class extends Layer {
      override cookieName(_of: 'visitor' | 'user', isSecure: boolean) {
        return super.cookieName('visitor', isSecure);
      }
      override logIn(visit: Visit, user: string) {
        return super.logIn(visit, user).slice(0, 1);
      }
    },
  },
  {
    found: 'login-twice',
    what: 'finds nothing to inherit when another login was quicker',
    Planted: class extends Layer {
      override inherits(session: Stored, newUser: string) {
        return session.ended === undefined && super.inherits(session, newUser);
      }
    },
  },
  {
    found: 'login-late-honest',
    what: 'answers 200 to a write that a login has overtaken',
    Planted: class extends Layer {
      override overtaken(visit: Visit) {
        return visit.session?.ended === 'login' ? this.reply(200) : super.overtaken(visit);
      }
    },
  },

  // Logout
  {
    found: 'logout-ends',
    what: 'lets the old id read on until the first write with it',
    Planted: class extends Layer {
      readonly #old = new Map<string, Stored>();
      override end(session: Stored, by: 'login' | 'logout', successor?: string) {
        super.end(session, by, successor);
        if (by === 'logout') this.#old.set(session.id, session);
      }
      override find(id: string, request: Request) {
        if (!isGet(request) && request.url.pathname !== '/logout') this.#old.delete(id);
        return super.find(id, request) ?? (isGet(request) ? this.#old.get(id) : undefined);
      }
      override overtaken(visit: Visit) {
        this.#old.delete(visit.session?.id ?? '');
        return super.overtaken(visit);
      }
    },
  },
  {
    found: 'logout-browser',
    what: 'hands the data to a new session at the logout',
    // The new session's cookie is there afterwards.
    also: ['logout-clears'],
    Planted: class extends Layer {
      override logOut(visit: Visit) {
        const { session, isSecure } = visit;
        const cleared = super.logOut(visit);
        if (session === undefined) return cleared;
        const next = this.create(visit, undefined, session.data);
        return [...this.clear(visit, ['user']), ...this.issue(next, isSecure)];
      }
    },
  },
  {
    found: 'logout-clears',
    what: 'leaves the cookie at the logout',
    Planted: class extends Layer {
      override logOut(visit: Visit) {
        super.logOut(visit);
        return [];
      }
    },
  },
  {
    found: 'logout-clears-same',
    what: 'takes back a cookie of another path',
    // The browser keeps the one that it has.
    also: ['logout-clears'],
    Planted: class extends Layer {
      override logOut(visit: Visit) {
        return super.logOut(visit).map((line) => line.replace('Path=/', 'Path=/other'));
      }
    },
  },
  {
    found: 'logout-twice',
    what: 'fails when there is no session to end',
    Planted: class extends Layer {
      override logOut(visit: Visit) {
        if (visit.session === undefined && visit.cookies.length > 0) throw new Error('planted');
        return super.logOut(visit);
      }
    },
  },
  {
    found: 'logout-new-id',
    what: 'makes a new session of an id that a logout has ended',
    Planted: class extends Layer {
      readonly #ended = new Set<string>();
      override end(session: Stored, by: 'login' | 'logout', successor?: string) {
        super.end(session, by, successor);
        if (by === 'logout') this.#ended.add(session.id);
      }
      override newId(visit: Visit) {
        const [value = ''] = this.valuesIn(visit.cookies, visit.isSecure);
        const id = this.decode(value) ?? '';
        return this.#ended.has(id) ? id : super.newId(visit);
      }
    },
  },
  {
    found: 'logout-race',
    what: 'stores a session again that a logout has ended',
    Planted: class extends Layer {
      override overtaken(visit: Visit) {
        const { session } = visit;
        if (session?.ended === 'logout') this.sessions.set(session.id, session);
        return super.overtaken(visit);
      }
    },
  },
  {
    found: 'logout-race-browser',
    what: 'gives a write that a logout has overtaken a new session of the same user',
    Planted: class extends Layer {
      override overtaken(visit: Visit) {
        const reply = super.overtaken(visit);
        const { session, isSecure } = visit;
        if (session?.ended === 'logout')
          reply.setCookies.push(...this.issue(this.create(visit, session.user), isSecure));
        return reply;
      }
    },
  },
  {
    found: 'logout-late-honest',
    what: 'answers 200 to a write that a logout has overtaken',
    Planted: class extends Layer {
      override overtaken(visit: Visit) {
        return visit.session?.ended === 'logout' ? this.reply(200) : super.overtaken(visit);
      }
    },
  },

  // Requests at the same time, and requests that fail
  {
    found: 'parallel-keys',
    what: 'drops keys that came while the handler worked',
    Planted: class extends Layer {
      override patch(visit: Visit, session: Stored) {
        super.patch(visit, session);
        if (visit.session !== session) return;
        for (const key of session.data.keys())
          if (!visit.snapshot.has(key) && !visit.changes.has(key)) session.data.delete(key);
      }
    },
  },
  {
    found: 'parallel-del',
    what: 'writes keys back that were deleted while the handler worked',
    Planted: class extends Layer {
      override patch(visit: Visit, session: Stored) {
        for (const [key, value] of visit.snapshot)
          if (session === visit.session && !session.data.has(key)) session.data.set(key, value);
        super.patch(visit, session);
      }
    },
  },
  {
    found: 'parallel-one-key',
    what: 'joins two values that were written at the same time',
    Planted: class extends Layer {
      override patch(visit: Visit, { data }: Stored) {
        for (const [key, value] of visit.changes) {
          const now = data.get(key);
          const isMixed = now !== undefined && now !== visit.snapshot.get(key);
          if (value === undefined) data.delete(key);
          else data.set(key, isMixed ? `${now}, ${value}` : value);
        }
      }
    },
  },
  {
    found: 'visitors-apart',
    what: 'keeps what is written under «me» outside the session',
    Planted: class extends Layer {
      #me: string | undefined;
      override set(visit: Visit, key: string, value: string) {
        if (key === 'me') this.#me = value;
        super.set(visit, key, value);
      }
      override get(visit: Visit, key: string) {
        return key === 'me' ? this.#me : super.get(visit, key);
      }
    },
  },
  {
    found: 'slow-blocks-no-other',
    what: 'lets reads wait for the session’s writes',
    Planted: class extends Layer {
      readonly #writing = new Map<string, Promise<unknown>>();
      override async respond(request: Request) {
        const { cookie = '' } = request.headers;
        if (cookie === '') return super.respond(request);
        if (isGet(request)) await this.#writing.get(cookie);
        const reply = super.respond(request);
        if (!isGet(request)) this.#writing.set(cookie, reply);
        return reply;
      }
    },
  },
  {
    found: 'stored-before-answer',
    what: 'sends the head of the answer before «n» is stored',
    Planted: class extends StoresLate {
      override close(visit: Visit, reply: Reply) {
        const { session, changes } = visit;
        if (!session || session.ended || !changes.has('n')) return super.close(visit, reply);
        this.storeLate(reply, () => this.patch(visit, session));
        return [];
      }
    },
  },
  {
    found: 'first-write-stored',
    what: 'sends the head of the answer before a login is stored',
    Planted: class extends StoresLate {
      override close(visit: Visit, reply: Reply) {
        const set = super.close(visit, reply);
        if (visit.newUser === undefined || visit.session) return set;
        const [id = ''] = [...this.sessions.keys()].slice(-1);
        const session = this.sessions.get(id);
        if (session === undefined) return set;
        this.sessions.delete(id);
        this.storeLate(reply, () => void this.sessions.set(id, session));
        return set;
      }
    },
  },
  {
    found: 'broken-off',
    what: 'ends the session when the client goes away',
    Planted: class extends Layer {
      override close(visit: Visit, reply: Reply) {
        if (visit.request.signal.aborted && visit.session) this.end(visit.session, 'logout');
        return super.close(visit, reply);
      }
    },
  },
  {
    found: 'fail-keeps',
    what: 'ends the session when a handler fails',
    Planted: class extends Layer {
      override failed(visit: Visit) {
        if (visit.session) this.end(visit.session, 'logout');
        return super.failed(visit);
      }
    },
  },
  {
    found: 'fail-stores-nothing',
    what: 'stores what a handler wrote before it failed',
    Planted: class extends Layer {
      override failed(visit: Visit) {
        if (visit.session) this.patch(visit, visit.session);
        return super.failed(visit);
      }
    },
  },

  // What the session holds
  {
    found: 'overwrite-all',
    what: 'shows all keys but one',
    Planted: class extends Layer {
      override all(session: Stored | undefined) {
        return new Map([...super.all(session)].slice(1));
      }
    },
  },
  {
    found: 'delete',
    what: 'fails when there is nothing to delete',
    Planted: class extends Layer {
      override del(visit: Visit, key: string) {
        if (visit.session && !visit.session.data.has(key)) throw new Error('planted');
        return super.del(visit, key);
      }
    },
  },
  {
    found: 'values-empty',
    what: 'takes an empty value for none',
    Planted: class extends Layer {
      override get(visit: Visit, key: string) {
        return super.get(visit, key) || undefined;
      }
    },
  },
  {
    found: 'values-text',
    what: 'trims values',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        super.set(visit, key, value.trim());
      }
    },
  },
  {
    found: 'values-types',
    what: 'takes digits for a number',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        super.set(visit, key, /^\d+$/.test(value) ? String(Number(value)) : value);
      }
    },
  },
  {
    found: 'values-nul',
    what: 'cuts a value at a NUL',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        super.set(visit, key, value.split('\0')[0] ?? '');
      }
    },
  },
  {
    found: 'values-4k',
    what: 'cuts long values off',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        super.set(visit, key, value.slice(0, 4000));
      }
    },
  },
  {
    found: 'values-bad-utf8',
    what: 'fails at bytes that are no UTF-8',
    Planted: class extends Layer {
      override open(request: Request) {
        decodeURIComponent(request.body);
        return super.open(request);
      }
    },
  },

  // If visitors may choose keys
  {
    found: 'keys-never-written',
    what: 'keeps the data in an object that inherits',
    Planted: class extends Layer {
      override get(visit: Visit, key: string) {
        const inherited = Reflect.get(Object.prototype, key);
        return super.get(visit, key) ?? (inherited === undefined ? undefined : String(inherited));
      }
    },
  },
  {
    found: 'keys-language',
    what: 'drops a word of the language',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        if (key !== 'constructor') super.set(visit, key, value);
      }
    },
  },
  {
    found: 'keys-layer',
    what: 'fails at a key that is its own',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        if (key === 'cookie') throw new Error('planted');
        super.set(visit, key, value);
      }
    },
  },
  {
    found: 'keys-odd',
    what: 'drops keys of digits',
    Planted: class extends Layer {
      override set(visit: Visit, key: string, value: string) {
        if (!/^\d+$/.test(key)) super.set(visit, key, value);
      }
    },
  },

  // The answers
  {
    found: 'cache-depends',
    what: 'does not say that the answer depends on the cookie',
    Planted: class extends Layer {
      override headers() {
        return { 'Content-Type': 'text/plain; charset=utf-8' };
      }
    },
  },
  {
    found: 'cache-set-cookie',
    what: 'takes a dead cookie back in an answer that may be cached',
    Planted: class extends Layer {
      override close(visit: Visit, reply: Reply) {
        if (!isGet(visit.request) || visit.session) return super.close(visit, reply);
        const cleared = this.clear(visit, ['visitor', 'user']);
        if (cleared.length > 0) delete reply.headers.Vary;
        return cleared;
      }
    },
  },
  {
    found: 'head',
    what: 'knows no HEAD',
    Planted: class extends Layer {
      override async respond(request: Request) {
        return request.method === 'HEAD' ? this.reply(405) : super.respond(request);
      }
    },
  },
  {
    found: 'not-modified',
    what: 'makes the ETag of the address alone',
    Planted: class extends Layer {
      override tagOf({ request }: Visit) {
        return `"${request.url.search}"`;
      }
    },
  },
  {
    found: 'no-5xx',
    what: 'stores a value, and fails as another request has written the same key meanwhile',
    Planted: class extends Layer {
      override patch(visit: Visit, session: Stored) {
        const isLate = [...visit.changes.keys()].some(
          (key) => visit.session && session.data.get(key) !== visit.snapshot.get(key),
        );
        super.patch(visit, session);
        if (isLate && visit.session === session) throw new Error('planted');
      }
    },
  },

  // Expiry
  {
    found: 'idle-ends',
    what: 'looks at the idle time in writes only',
    Planted: class extends Layer {
      override isOver(session: Stored, request: Request) {
        const now = performance.now();
        const seenAt = isGet(request) ? now : session.seenAt;
        return super.isOver({ ...session, seenAt }, request);
      }
      override touch(session: Stored, request: Request) {
        if (!super.isOver(session, request)) super.touch(session, request);
      }
    },
  },
  {
    found: 'idle-use-prolongs',
    what: 'does not take a read for a use',
    Planted: class extends Layer {
      override touch(session: Stored, request: Request) {
        if (!isGet(request)) super.touch(session, request);
      }
    },
  },
  {
    found: 'max-ends',
    what: 'has no absolute end',
    Planted: class extends Layer {
      override isOver(session: Stored, request: Request) {
        return super.isOver({ ...session, createdAt: performance.now() }, request);
      }
    },
  },
  {
    found: 'ended-not-adopted',
    what: 'makes a new session of an id that has expired',
    Planted: class extends Layer {
      readonly #expired = new Set<string>();
      override isOver(session: Stored, request: Request) {
        const isOver = super.isOver(session, request);
        if (isOver) this.#expired.add(session.id);
        return isOver;
      }
      override newId(visit: Visit) {
        const [value = ''] = this.valuesIn(visit.cookies, visit.isSecure);
        const id = this.decode(value) ?? '';
        return this.#expired.has(id) ? id : super.newId(visit);
      }
    },
  },
];

/** Layers that are different and right: a refusal is no fault. */
export const RIGHT: readonly Omit<Fault, 'found'>[] = [
  { what: 'is right', Planted: Layer },
  {
    what: 'refuses odd keys and long values with 400',
    Planted: class extends Layer {
      override async respond(request: Request) {
        const form = new URLSearchParams(request.body);
        const { key = 'a', value = '' } = Object.fromEntries(form);
        const isOdd = !/^[a-z]\w{0,63}$/.test(key) || value.length > 1000;
        return isOdd && request.url.pathname === '/set' ? this.reply(400) : super.respond(request);
      }
    },
  },
];
