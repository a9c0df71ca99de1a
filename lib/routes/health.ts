/**
 * What a supervisor asks: does the process live, and could it do its work?
 */
import type { Database } from '../db/pool.ts';
import { json } from '../http/reply.ts';
import type { Handler } from './route.ts';

/** `GET /healthz`: 200 as long as the process answers at all. */
export const healthz: Handler = () => json(200, { status: 'ok' });

/** `GET /readyz`: 200 when the database answers too; else the 503 that its error becomes. */
export function readyz(database: Database): Handler {
  return async () => {
    await database.select('SELECT 1', []);
    return json(200, { status: 'ready' });
  };
}
