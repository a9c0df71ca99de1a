/**
 * All checks, in the order in which they are told.
 */
import { askingChecks } from './checks/asking.ts';
import { careChecks } from './checks/care.ts';
import { failureChecks } from './checks/failures.ts';
import { leavingChecks } from './checks/leaving.ts';
import { nameChecks } from './checks/names.ts';
import { registerChecks } from './checks/registering.ts';
import type { Check } from './inspection.ts';
import type { Settings } from './settings.ts';

/** The checks that whoever runs this has asked for. */
export function checksFor({ register }: Settings): readonly Check[] {
  return [
    ...leavingChecks,
    ...askingChecks,
    ...nameChecks,
    ...failureChecks,
    ...careChecks,
    ...(register ? registerChecks : []),
  ];
}
