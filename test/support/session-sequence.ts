/**
 * Random sequences of what browsers do to sessions, against a model of a few lines. Requests are
 * opened and closed in any order, cookies are copied from one browser to the other, and time
 * passes.
 */
import assert from 'node:assert/strict';
import { createSessionCookie } from '../../lib/session/cookie.ts';
import { createSessions } from '../../lib/session/sessions.ts';
import { SessionEnded, type SessionStore, SessionsFull } from '../../lib/session/store.ts';
import { type Action, createModel, foretell, type ModelSession } from './session-model.ts';
import { createRandom } from './session-random.ts';

const STEPS = 60;
// Short lives, or a limit that is often reached.
const SETTINGS = [
  { idleMs: 100, absoluteMs: 250, limit: 1000 },
  { idleMs: 400, absoluteMs: 100_000, limit: 3 },
];
const FORGED = 'sid=forged';
const CLEARED = /^(user-)?sid=;/;
const OWNERS = ['ann', 'bob'];
const KEYS = ['a', 'b', '__proto__'];
const ACTIONS: Action['name'][] = [
  ...(['read', 'set', 'set', 'delete', 'login'] as const),
  ...(['logout', 'list', 'revoke', 'others'] as const),
];

interface Data {
  [key: string]: number;
}

/** A cookie, and the session of the model that it leads to while that lives. */
interface Ticket {
  readonly cookie: string;
  readonly session: ModelSession | undefined;
}

type OpenSession = Awaited<ReturnType<ReturnType<typeof createSessions<Data>>['open']>>;

/** A request under way: what the server and what the model found when it was opened. */
interface Pending {
  readonly browser: { ticket: Ticket };
  /** The session of the cookie, alive or dead. */
  readonly ticket: ModelSession | undefined;
  readonly opened: OpenSession;
  readonly expected: ModelSession | undefined;
  /** What the session held then: that, and its own changes, is what the handler sees. */
  readonly held: ReadonlyMap<string, unknown>;
}

/** What a store is to keep to, and the sequence's own clock. */
export type SequenceSettings = (typeof SETTINGS)[number] & { readonly now: () => number };

/**
 * Runs one sequence; throws when the sessions are not as the model says.
 * @param seed the same seed is the same sequence
 * @param createStore makes an empty store
 * @param limited whether the store keeps to its limit
 */
export async function runSequence(
  seed: number,
  createStore: (settings: SequenceSettings) => Promise<SessionStore>,
  limited: boolean,
): Promise<void> {
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T; // none is empty
  let ms = 0;
  const chosen = pick(SETTINGS);
  const settings = { ...chosen, limit: limited ? chosen.limit : 1000, now: () => ms };
  const store = await createStore(settings);
  const cookie = createSessionCookie(['k'.repeat(32)]);
  const sessions = createSessions<Data>(store, cookie);
  const model = createModel(settings);

  const stranger: Ticket = { cookie: '', session: undefined };
  const tickets = [stranger, { cookie: FORGED, session: undefined }];
  const browsers = [1, 2, 3].map(() => ({ ticket: stranger }));
  const pending: Pending[] = [];

  async function open(browser: { ticket: Ticket }): Promise<void> {
    const { cookie: header, session } = browser.ticket;
    const opened = await sessions.open(header, false);
    const expected = model.open(session);
    assert.equal(opened.session.exists, expected !== undefined);
    const held = new Map(expected?.data);
    pending.push({ browser, ticket: session, opened, expected, held });
  }

  async function close({ browser, ticket, opened, expected, held }: Pending): Promise<void> {
    const fields = { key: pick(KEYS), value: random(1000), owner: pick(OWNERS), which: random(3) };
    const action: Action = { name: pick(ACTIONS), ...fields };
    assert.deepEqual(new Map(opened.session.entries()), held);
    const mine = model.ownedBy(expected?.owner).map((session) => session === expected);
    const { answer, created } = foretell(model, action, expected, { ticket, held });
    const [found, setCookie = ''] = await perform(opened, action, mine);
    assert.equal(found, answer, action.name);

    if (CLEARED.test(setCookie)) {
      browser.ticket = stranger;
    } else if (setCookie !== '') {
      browser.ticket = { cookie: setCookie.split(';', 1)[0] ?? '', session: created };
      const known = tickets.find(({ cookie }) => cookie === browser.ticket.cookie);
      if (known) assert.equal(known.session, created, 'one id, one session');
      else tickets.push(browser.ticket);
    }
  }

  for (let step = 0; step < STEPS; step += 1) {
    // At least 1, so that no two sessions begin at the same time.
    ms += 1 + random(random(4) === 0 ? 80 : 8);
    const what = random(10);
    if (what === 0) await store.sweep(random(3));
    else if (what === 1) pick(browsers).ticket = pick(tickets);
    else if (what < 6) await open(pick(browsers));
    else for (const request of pending.splice(random(pending.length), 1)) await close(request);
  }
  for (const request of pending) {
    ms += 1;
    await close(request);
  }
  ms += settings.idleMs;
  await store.sweep(1000);
  assert.equal(await store.sweep(1), 0);
}

/**
 * Does to the server what `foretell` does to the model.
 * @param mine whether each of the owner's sessions is this one
 * @returns the answer and the Set-Cookie value that it comes with
 */
async function perform(
  opened: OpenSession,
  { name, key, value, owner, which }: Action,
  mine: readonly boolean[],
): Promise<[answer: string, setCookie: string | undefined]> {
  const { session } = opened;
  try {
    if (name === 'set' || name === 'login') session.set(key, value);
    if (name === 'delete') session.delete(key);
    if (name === 'login') session.regenerate(owner);
    if (name === 'logout') session.destroy();
    if (name === 'others') await opened.own().destroyOthers();
    if (name === 'list' || name === 'revoke') {
      const list = await opened.own().list();
      assert.deepEqual(
        list.map(({ current }) => current),
        mine,
      );
      const handle = list[which % list.length]?.handle ?? '';
      if (name === 'revoke') assert.equal(await opened.own().destroyOne(handle), list.length > 0);
    }
    const [setCookie] = await opened.close();
    if (setCookie === undefined) return ['none', setCookie];
    return [CLEARED.test(setCookie) ? 'clear' : 'new', setCookie];
  } catch (error) {
    if (error instanceof SessionEnded) return ['ended', undefined];
    if (error instanceof SessionsFull) return ['full', undefined];
    throw error;
  }
}
