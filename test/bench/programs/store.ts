/**
 * Where a framework's sessions are to live, for programs that are measured with more than one store:
 * BENCH_STORE is `mysql`, `redis`, or unset for the framework's own.
 */
import type * as session from 'express-session';
import { pool } from './setting.ts';

/**
 * The option for a store; none for the framework's own. Each framework has types of its own for it.
 * @param express express-session, if it is that
 */
export async function sessionStore(express: typeof session.default | undefined): Promise<object> {
  if (process.env.BENCH_STORE === 'redis') {
    const [{ createClient }, { RedisStore }] = await Promise.all([
      import('redis'),
      import('connect-redis'),
    ]);
    const client = createClient({ socket: { path: process.env.BENCH_REDIS ?? '', tls: false } });
    await client.connect();
    return { store: new RedisStore({ client }) };
  }
  if (process.env.BENCH_STORE === 'mysql' && express !== undefined) {
    const untyped: string = 'express-mysql-session';
    const { default: createMysqlStore } = await import(untyped);
    // Its table is made by itself; ours has the name that it would take.
    const columnNames = { session_id: 'session_id', expires: 'expires', data: 'data' };
    const schema = { tableName: 'express_sessions', columnNames };
    const Store = createMysqlStore(express);
    return { store: new Store({ schema }, pool) };
  }
  return {};
}
