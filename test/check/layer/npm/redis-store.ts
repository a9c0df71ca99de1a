/**
 * A session store in Redis, as an example of one outside the project: a hash for each session, a set of
 * handles for each owner, and one script a method, which Redis runs as one step.
 */
import type { RedisClientType } from 'redis';
import {
  applyPatch,
  checkSize,
  MAX_SESSION_BYTES,
  type Patch,
  type SessionStore,
  SessionTooLarge,
  StoreUnavailable,
  type Timeouts,
} from '../../../../lib/session/store.ts';

export interface RedisStoreOptions extends Timeouts {
  readonly client: RedisClientType;
  /** The clock in ms, of this process: several processes need clocks that agree. */
  readonly now?: () => number;
}

/** What the scripts have in common. A key of the session is a field that begins with `data:`. */
const COMMON = `
  local now, idle, absolute = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local function isAlive(key)
    local at = redis.call('HMGET', key, 'createdAt', 'seenAt')
    return at[1] and now - at[2] < idle and now - at[1] < absolute
  end
  local function touch(key)
    redis.call('HSET', key, 'seenAt', ARGV[1])
    local left = redis.call('HGET', key, 'createdAt') + absolute - now
    redis.call('PEXPIRE', key, math.ceil(math.min(idle, left)))
  end
  local function write(key, patch)
    for _, change in ipairs(cjson.decode(patch)) do
      if change[2] then redis.call('HSET', key, 'data:' .. change[1], change[2])
      else redis.call('HDEL', key, 'data:' .. change[1]) end
    end
  end
  local function begin(key, handle, owner)
    redis.call('HSET', key, 'owner', owner, 'createdAt', ARGV[1])
    touch(key)
    if owner ~= '' then redis.call('SADD', 'owner:' .. owner, handle) end
  end
  local function remove(key, handle)
    redis.call('SREM', 'owner:' .. redis.call('HGET', key, 'owner'), handle)
    redis.call('DEL', key)
  end
`;
const LOAD = `if not isAlive(KEYS[1]) then return {} end
  touch(KEYS[1])
  return redis.call('HGETALL', KEYS[1])`;
const CREATE = `begin(KEYS[1], ARGV[4], ARGV[5])
  write(KEYS[1], ARGV[6])`;
const REGENERATE = `if not isAlive(KEYS[1]) then return 0 end
  local before = redis.call('HGET', KEYS[1], 'owner')
  if before == '' or before == ARGV[6] then
    redis.call('SREM', 'owner:' .. before, ARGV[4])
    redis.call('RENAME', KEYS[1], KEYS[2])
  else remove(KEYS[1], ARGV[4]) end
  begin(KEYS[2], ARGV[5], ARGV[6])
  write(KEYS[2], ARGV[7])
  return 1`;
const PATCH = `if not isAlive(KEYS[1]) then return 0 end
  local data, all = {}, redis.call('HGETALL', KEYS[1])
  for at = 1, #all, 2 do
    if all[at]:sub(1, 5) == 'data:' then data[all[at]:sub(6)] = all[at + 1] end
  end
  local before = #cjson.encode(data)
  for _, change in ipairs(cjson.decode(ARGV[4])) do data[change[1]] = change[2] or nil end
  local bytes = #cjson.encode(data)
  if bytes > ${MAX_SESSION_BYTES} and bytes > before then return -1 end
  write(KEYS[1], ARGV[4])
  return 1`;
const DESTROY = `if not isAlive(KEYS[1]) then return 0 end
  remove(KEYS[1], ARGV[4])
  return 1`;
const OWNED = `local found = {}
  for _, handle in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local at = redis.call('HMGET', 'session:' .. handle, 'createdAt', 'seenAt')
    if isAlive('session:' .. handle) then table.insert(found, {handle, at[1], at[2]})
    else redis.call('SREM', KEYS[1], handle) end
  end
  return found`;

/** Redis deletes by itself what has expired, so `sweep` has nothing to do. There is no limit. */
export function createRedisStore(options: RedisStoreOptions): SessionStore {
  const { client, idleMs, absoluteMs, now = Date.now } = options;

  async function run(script: string, keys: string[], ...values: string[]): Promise<unknown> {
    const all = [now(), idleMs, absoluteMs].map(String).concat(values);
    try {
      return await client.eval(COMMON + script, { keys, arguments: all });
    } catch (error) {
      throw new StoreUnavailable('Redis does not answer', { cause: error });
    }
  }

  return {
    async load(handle) {
      const all = (await run(LOAD, [keyOf(handle)])) as string[]; // HGETALL: name, value, …
      if (all.length === 0) return undefined;
      const data = new Map<string, string>();
      const fields = new Map<string, string>();
      for (let at = 0; at < all.length; at += 2) {
        const [name = '', value = ''] = all.slice(at, at + 2);
        if (name.startsWith('data:')) data.set(name.slice(5), value);
        else fields.set(name, value);
      }
      const owner = fields.get('owner') || undefined;
      const timeOf = (name: string) => Number(fields.get(name));
      return { handle, owner, data, createdAt: timeOf('createdAt'), seenAt: timeOf('seenAt') };
    },

    async create(handle, owner = '', patch) {
      checkSize(applyPatch(new Map(), patch));
      await run(CREATE, [keyOf(handle)], handle, owner, textOf(patch));
    },

    async regenerate(handle, next, owner, patch) {
      const keys = [keyOf(handle), keyOf(next)];
      return (await run(REGENERATE, keys, handle, next, owner, textOf(patch))) === 1;
    },

    async patch(handle, patch) {
      const result = await run(PATCH, [keyOf(handle)], textOf(patch));
      if (result === -1) throw new SessionTooLarge();
      return result === 1;
    },

    async destroy(handle) {
      return (await run(DESTROY, [keyOf(handle)], handle)) === 1;
    },

    async ownedBy(owner) {
      const found = (await run(OWNED, [`owner:${owner}`])) as [string, string, string][];
      const sessions = found.map(([handle, createdAt, seenAt]) => ({
        handle,
        createdAt: Number(createdAt),
        seenAt: Number(seenAt),
      }));
      return sessions.sort((one, other) => one.createdAt - other.createdAt);
    },

    sweep: async () => 0,
  };
}

const keyOf = (handle: string) => `session:${handle}`;

/** Pairs of a key and its text, or false for one that is deleted. */
const textOf = (patch: Patch) =>
  JSON.stringify(Array.from(patch, ([key, text]) => [key, text ?? false]));
