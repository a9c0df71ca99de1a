/**
 * Visitors of several processes that share their sessions: each request goes to any of them, at any
 * moment a process or its database may be gone. What was confirmed is kept account of: it must be
 * there, and what was ended must not.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../support/at-end.ts';
import { cookieOf } from '../support/http.ts';
import { createRandom } from '../support/session-random.ts';

const PATIENCE_MS = 5000;
/** A session holds 64 keys; when so many are used up, the visitor begins anew. */
const MOST_KEYS = 60;
const AT_ONCE = 4;

interface Visitor {
  cookie: string;
  /** What was confirmed: key → value. A write whose answer is missing may yet be done: see `next`. */
  readonly confirmed: Map<string, string>;
  /** The next key. One whose write was not confirmed is not used again. */
  next: number;
}

/** What has been done and confirmed. */
export interface Account {
  writes: number;
  logouts: number;
  /** Requests that were not answered, or not with success. */
  failures: number;
}

export interface ClusterLoad {
  readonly account: Readonly<Account>;
  /** Ends it, and looks for everything once more, at every process. */
  stop(): Promise<void>;
}

/**
 * Lets visitors come; the last of them go when the test ends, also when it fails.
 * @param urls of the processes; one may change when it is started anew
 */
export function startClusterLoad(
  t: TestContext,
  urls: readonly string[],
  visitors: number,
): ClusterLoad {
  const account: Account = { writes: 0, logouts: 0, failures: 0 };
  const ended: string[] = [];
  const all: Visitor[] = [];
  let isOver = false;
  let failure: unknown;

  /** One request to one of them; `undefined` when it was not answered with success. */
  async function ask(at: number, cookie: string, method: string, path: string, value?: string) {
    const url = urls[at % urls.length];
    const response = await fetch(`${url}${path}`, {
      method,
      headers: cookie === '' ? {} : { cookie },
      body: value === undefined ? null : new URLSearchParams({ value }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => undefined);
    if (response?.ok) return response;
    await response?.text().catch(() => {});
    // A session that was confirmed and not ended is there; nothing but that may be missing.
    if (response?.status === 409 || response?.status === 404)
      assert.fail(`${method}: ${response.status}`);
    account.failures += 1;
    await sleep(20);
    return undefined;
  }

  async function begin(visitor: Visitor, at: number): Promise<void> {
    visitor.confirmed.clear();
    visitor.next = 1;
    const response = await ask(at, '', 'PUT', '/session/key-0', 'first');
    visitor.cookie = response ? cookieOf(response) : '';
    if (response) visitor.confirmed.set('key-0', 'first');
  }

  async function write(visitor: Visitor, at: number): Promise<void> {
    const { cookie } = visitor;
    const writes = Array.from({ length: AT_ONCE }, async (_, index) => {
      const key = `key-${visitor.next}`;
      visitor.next += 1;
      const value = `${at}-${index}`;
      if (!(await ask(at + index, cookie, 'PUT', `/session/${key}`, value))) return;
      account.writes += 1;
      visitor.confirmed.set(key, value);
    });
    await Promise.all(writes);
  }

  async function read({ cookie, confirmed }: Visitor, at: number): Promise<void> {
    const response = await ask(at, cookie, 'GET', '/session');
    if (!response) return;
    const { exists, data } = (await response.json()) as { exists: boolean; data: object }; // contract
    assert.ok(exists, 'a session is lost');
    const found = new Map<string, unknown>(Object.entries(data));
    for (const [key, value] of confirmed) assert.equal(found.get(key), value, `${key} is lost`);
  }

  /** Logs out on one, while a write is under way on another. */
  async function leave(visitor: Visitor, at: number): Promise<void> {
    const { cookie } = visitor;
    const url = urls[(at + 1) % urls.length];
    const inFlight = fetch(`${url}/session/late`, {
      method: 'PUT',
      headers: { cookie },
      body: new URLSearchParams({ value: 'late' }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then(
      (response) => response.text(),
      () => '', // whether it came in time does not matter
    );
    if (await ask(at, cookie, 'POST', '/logout')) {
      account.logouts += 1;
      ended.push(cookie);
    }
    await inFlight;
    visitor.cookie = '';
  }

  async function isGone(cookie: string, at: number): Promise<void> {
    const response = await ask(at, cookie, 'GET', '/session');
    if (!response) return;
    const { exists } = (await response.json()) as { exists: boolean }; // the contract
    assert.ok(!exists, 'a session is back that was ended');
  }

  async function visit(number: number): Promise<void> {
    const visitor: Visitor = { cookie: '', confirmed: new Map(), next: 0 };
    all.push(visitor);
    const random = createRandom(number);
    while (!isOver) {
      const [at, what] = [random(1000), random(12)];
      const last = ended.at(-1);
      if (visitor.cookie === '' || visitor.next > MOST_KEYS) await begin(visitor, at);
      else if (what < 6) await write(visitor, at);
      else if (what < 10) await read(visitor, at);
      else if (what < 11) await leave(visitor, at);
      else if (last !== undefined) await isGone(last, at);
    }
  }

  const running = Array.from({ length: visitors }, (_, number) =>
    visit(number).catch((error) => {
      failure ??= error;
      isOver = true;
    }),
  );
  atEnd(t, () => {
    isOver = true;
    return Promise.all(running);
  });
  return {
    account,
    async stop() {
      isOver = true;
      await Promise.all(running);
      if (failure !== undefined) throw failure;
      const before = account.failures;
      for (const at of urls.keys()) {
        for (const visitor of all) if (visitor.cookie !== '') await read(visitor, at);
        for (const cookie of ended) await isGone(cookie, at);
      }
      assert.equal(account.failures, before, 'everything was looked at');
    },
  };
}
