/**
 * What sessions should do, in few words and at whatever cost: a list, least recently used first,
 * from which whatever is over is struck before anybody looks. No ids, no cookies, no handles. And
 * what each request should be answered, told by that list.
 */

export interface ModelSession {
  readonly owner: string | undefined;
  readonly data: Map<string, unknown>;
  readonly born: number;
  seen: number;
  /** What became of it at a login, by owner: a login that is sent twice joins it. */
  readonly successors: Map<string, ModelSession>;
}

interface Settings {
  readonly idleMs: number;
  readonly absoluteMs: number;
  readonly limit: number;
  readonly now: () => number;
}

export type Model = ReturnType<typeof createModel>;

export function createModel({ idleMs, absoluteMs, limit, now }: Settings) {
  let all: ModelSession[] = [];
  const held = () => {
    all = all.filter(({ seen, born }) => now() - seen < idleMs && now() - born < absoluteMs);
    return all;
  };
  const isAlive = (session: ModelSession | undefined): session is ModelSession =>
    session !== undefined && held().includes(session);
  const end = (session: ModelSession | undefined) => {
    all = all.filter((other) => other !== session);
  };
  function open(session: ModelSession | undefined): ModelSession | undefined {
    if (!isAlive(session)) return undefined;
    session.seen = now();
    end(session);
    all.push(session);
    return session;
  }
  function create(owner: string | undefined, ...data: [string, unknown][]) {
    if (held().length >= limit) {
      const last = all.find((session) => session.owner === undefined) ?? (owner && all[0]);
      if (!last) return undefined;
      end(last);
    }
    const successors = new Map<string, ModelSession>();
    const session: ModelSession = {
      owner,
      data: new Map(data),
      born: now(),
      seen: now(),
      successors,
    };
    all.push(session);
    return session;
  }
  const ownedBy = (owner: string | undefined) => {
    const mine = held().filter((session) => owner !== undefined && session.owner === owner);
    return mine.sort((one, other) => one.born - other.born);
  };
  return { isAlive, open, create, end, ownedBy };
}

/** What a handler does: one of the actions, with what it needs. */
export interface Action {
  readonly name: 'read' | 'set' | 'delete' | 'login' | 'logout' | 'list' | 'revoke' | 'others';
  readonly key: string;
  readonly value: number;
  readonly owner: string;
  /** Which of the owner's sessions, counted round and round. */
  readonly which: number;
}

/** What becomes of the cookie; or why nothing was stored. */
export type Answer = 'none' | 'new' | 'clear' | 'ended' | 'full';

/**
 * Does to the model what the action does to the server.
 * @param session what the request's cookie led to when it came in
 * @param came the session of the cookie, alive or dead; and what it held then
 */
export function foretell(
  model: Model,
  { name, key, value, owner, which }: Action,
  session: ModelSession | undefined,
  came: { ticket: ModelSession | undefined; held: ReadonlyMap<string, unknown> },
): { answer: Answer; created?: ModelSession | undefined } {
  const untouched = { answer: 'none' } as const;
  const isAlive = model.isAlive(session);
  if (name === 'read') return untouched;
  if (name === 'logout') {
    model.end(session);
    return { answer: came.ticket ? 'clear' : 'none' };
  }
  if (name === 'login') {
    const twin = came.ticket?.successors.get(owner);
    if (model.isAlive(twin)) {
      twin.data.set(key, value);
      return { answer: 'new', created: twin };
    }
    const kept = isAlive && (session.owner ?? owner) === owner ? session.data : [];
    model.end(session);
    const created = model.create(owner, ...kept, [key, value]);
    if (isAlive && created) session.successors.set(owner, created);
    return { answer: 'new', created };
  }
  if (name === 'set' && session === undefined) {
    const created = model.create(undefined, [key, value]);
    return { answer: created ? 'new' : 'full', created };
  }
  if (name === 'delete' && !came.held.has(key)) return untouched;
  const isOwn = name === 'list' || name === 'revoke' || name === 'others';
  if (isOwn && session?.owner === undefined) return untouched;
  if (!isAlive) return { answer: 'ended' };
  if (name === 'set') session.data.set(key, value);
  if (name === 'delete') session.data.delete(key);
  const mine = model.ownedBy(session.owner);
  let ended: (ModelSession | undefined)[] = [];
  if (name === 'revoke') ended = [mine[which % mine.length]];
  if (name === 'others') ended = mine.filter((other) => other !== session);
  ended.forEach(model.end);
  return { answer: ended.includes(session) ? 'clear' : 'none' };
}
