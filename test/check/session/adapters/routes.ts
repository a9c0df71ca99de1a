/** The contract's routes for this server; they stand beside its own, under a path of their own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { json, text } from '../../../../lib/http/reply.ts';
import type { Route } from '../../../../lib/routes/route.ts';

/** In front of the contract's paths: /login and /logout are taken. */
export const PREFIX = '/contract';

const DONE = text(200, 'done');
const inSession = (key = '') => `page:${key}` as const;

/** Waits in the handler, between what it reads and what it writes. */
async function pause(ms = '0'): Promise<void> {
  if (Number(ms) > 0) await sleep(Number(ms));
}

/** @param count how many sessions there are */
export function contractRoutes(count: () => Promise<number>): Route[] {
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/get',
      query: ['key'],
      session: true,
      handler({ query, session }) {
        const value = session.get(inSession(query.key));
        return value === undefined ? text(404, '') : text(200, value);
      },
    },
    {
      method: 'POST',
      path: '/set',
      form: ['key', 'value', 'ms'],
      session: true,
      async handler({ form: { key, value = '', ms }, session }) {
        await pause(ms);
        session.set(inSession(key), value);
        return DONE;
      },
    },
    {
      method: 'POST',
      path: '/del',
      form: ['key'],
      session: true,
      handler({ form, session }) {
        session.delete(inSession(form.key));
        return DONE;
      },
    },
    {
      method: 'GET',
      path: '/all',
      session: true,
      handler({ session }) {
        const own = session.entries().filter(([key]) => key.startsWith(inSession()));
        const all = own.map(([key, value]) => [key.slice(inSession().length), value]);
        return json(200, Object.fromEntries(all));
      },
    },
    {
      method: 'POST',
      path: '/login',
      form: ['user', 'ms'],
      session: true,
      async handler({ form: { user = '', ms }, session }) {
        await pause(ms);
        session.regenerate(user);
        session.set('user', { uname: user, nickname: user });
        return DONE;
      },
    },
    {
      method: 'POST',
      path: '/logout',
      session: true,
      handler({ session }) {
        session.destroy();
        return DONE;
      },
    },
    {
      method: 'GET',
      path: '/whoami',
      session: true,
      handler: ({ session }) => text(200, session.get('user')?.uname ?? ''),
    },
    {
      method: 'POST',
      path: '/fail',
      form: ['key', 'value'],
      session: true,
      handler({ form: { key, value = '' }, session }) {
        session.set(inSession(key), value);
        throw new Error('this handler fails on purpose');
      },
    },
    {
      method: 'GET',
      path: '/count',
      handler: async () => text(200, String(await count())),
    },
  ];
  return routes.map((route) => ({ ...route, path: PREFIX + route.path }));
}
