import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionCookie } from '../../lib/session/cookie.ts';
import { createMemoryStore } from '../../lib/session/memory-store.ts';
import { createSessions } from '../../lib/session/sessions.ts';

interface Data {
  cart: readonly string[];
  level: string;
}

/**
 * What one browser's handlers hold: each `visit` opens the session, and closes it when the handler
 * is done.
 */
function openVisits() {
  const options = { idleMs: 1000, maxAgeMs: 10_000, limit: 10, now: () => 0 };
  const cookie = new SessionCookie(['k'.repeat(32)]);
  const sessions = createSessions<Data>({ ...options, cookie, store: createMemoryStore(options) });
  let header = '';
  const open = () => sessions.open(header, false);
  async function visit<T>(handler: (session: Awaited<ReturnType<typeof open>>['session']) => T) {
    const opened = await open();
    const result = handler(opened.session);
    const setCookie = await opened.close();
    if (setCookie !== undefined) header = setCookie.split(';', 1)[0] ?? '';
    return result;
  }
  return { open, visit };
}

test('a handler reads what the session held and what it has itself changed', async () => {
  const { visit } = openVisits();
  await visit((session) => {
    assert.equal(session.get('level'), undefined);
    session.set('level', 'user');
    assert.equal(session.get('level'), 'user');
    assert.equal(session.has('level'), true);
    assert.equal(session.exists, false);
  });
  await visit((session) => {
    assert.equal(session.exists, true);
    session.set('cart', ['tea']);
    assert.deepEqual(
      [...session.entries()],
      [
        ['level', 'user'],
        ['cart', ['tea']],
      ],
    );
    assert.equal(session.delete('level'), true);
    assert.equal(session.delete('level'), false);
    assert.equal(session.has('level'), false);
    assert.equal(session.get('level'), undefined);
    assert.deepEqual([...session.entries()], [['cart', ['tea']]]);
  });
  await visit((session) => assert.deepEqual([...session.entries()], [['cart', ['tea']]]));
});

test('to delete what is not there changes nothing, and makes no session', async () => {
  const { visit } = openVisits();
  await visit((session) => assert.equal(session.delete('level'), false));
  await visit((session) => assert.equal(session.exists, false));
});

test('a handler that fails, and so never comes to `close`, has changed nothing', async () => {
  const { open, visit } = openVisits();
  await visit((session) => session.set('level', 'user'));
  const { session } = await open();
  session.set('level', 'admin');
  session.renew('ann');
  await visit((later) => assert.equal(later.get('level'), 'user'));
});

test('a handler sees the session as it was when its request came, and its own changes', async () => {
  const { open, visit } = openVisits();
  await visit((session) => session.set('level', 'user'));
  const { session, close } = await open();
  await visit((other) => {
    other.set('level', 'admin');
    other.set('cart', ['tea']);
  });
  session.set('cart', ['milk']);
  assert.deepEqual(Object.fromEntries(session.entries()), { level: 'user', cart: ['milk'] });
  await close();
  await visit((later) => {
    assert.deepEqual(Object.fromEntries(later.entries()), { level: 'admin', cart: ['milk'] });
  });
});

test('a value is copied on its way in and out: only `set` changes the session', async () => {
  const { visit } = openVisits();
  const cart = ['tea'];
  await visit((session) => session.set('cart', cart));
  cart.push('milk');
  await visit((session) => {
    const held: unknown = session.get('cart');
    assert.ok(Array.isArray(held));
    held.push('sugar');
    assert.deepEqual(session.get('cart'), ['tea']);
    assert.deepEqual([...session.entries()], [['cart', ['tea']]]);
  });
});

test('from `renew` on, a handler sees nothing that was another user’s', async () => {
  const { visit } = openVisits();
  await visit((session) => session.set('level', 'stranger'));
  await visit((session) => {
    session.renew('ann');
    assert.equal(session.get('level'), 'stranger');
  });
  await visit((session) => {
    assert.equal(session.get('level'), 'stranger');
    session.renew('bob');
    assert.equal(session.get('level'), undefined);
    assert.equal(session.entries().size, 0);
    session.set('level', 'bob');
  });
  await visit((session) => assert.deepEqual([...session.entries()], [['level', 'bob']]));
});

test('a handler’s keys and values are typed', async () => {
  const { visit } = openVisits();
  await visit((session) => {
    // @ts-expect-error a level is text
    session.set('level', 1);
    // @ts-expect-error nobody has declared this key
    session.get('lever');
    // @ts-expect-error undefined is what `delete` is for
    session.set('level', undefined);
    const level: string | undefined = session.get('level');
    assert.equal(level, undefined);
  });
});
