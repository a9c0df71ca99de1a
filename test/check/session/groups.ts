/** All checks, in the order in which they are told. */
import { caching } from './checks/caching.ts';
import { cookie } from './checks/cookie.ts';
import { expiry } from './checks/expiry.ts';
import { forged } from './checks/forged.ts';
import { ids } from './checks/ids.ts';
import { login } from './checks/login.ts';
import { logout } from './checks/logout.ts';
import { parallel } from './checks/parallel.ts';
import { reading } from './checks/reading.ts';
import { keys, values } from './checks/values.ts';
import type { Check, Group } from './inspection.ts';

export const groups: readonly Group[] = [
  reading,
  cookie,
  ids,
  forged,
  login,
  logout,
  parallel,
  values,
  keys,
  caching,
  expiry,
];

export const allChecks: readonly Check[] = groups.flatMap(({ checks }) => checks);

/** The checks of these ids, or all for none. @throws UnknownCheck */
export function checksOf(ids: readonly string[]): readonly Check[] {
  const unknown = ids.filter((id) => !allChecks.some((check) => check.id === id));
  if (unknown.length > 0) throw new UnknownCheck(`no check is called ${unknown.join(', ')}`);
  return ids.length === 0 ? allChecks : allChecks.filter(({ id }) => ids.includes(id));
}

export class UnknownCheck extends Error {}
