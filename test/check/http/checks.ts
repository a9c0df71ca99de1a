/** All checks, in the order in which they are told. */
import { responses } from './cases/answers.ts';
import { chunks } from './cases/chunks.ts';
import { connection } from './cases/connection.ts';
import { framing } from './cases/framing.ts';
import { headers } from './cases/headers.ts';
import { host } from './cases/host.ts';
import { limits } from './cases/limits.ts';
import { requestLine } from './cases/request-line.ts';
import type { Check, Target } from './check.ts';

const GROUPS = [requestLine, headers, host, framing, chunks, connection, responses, limits];

/** @param only names of groups, ids or levels; all checks without one */
export function checksFor(target: Target, only: readonly string[] = []): Check[] {
  const all = GROUPS.flatMap((group) => group(target));
  const isNamed = ({ id, group, level }: Check) =>
    [id, group, level].some((one) => only.includes(one));
  return only.length === 0 ? all : all.filter(isNamed);
}
