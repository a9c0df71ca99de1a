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

/** What the homework asks for; all others make it better. */
const ASKED = ['box', 'stays', 'hint', 'different', 'typing', 'as typed', 'quote'];

/** Whether the homework itself asks for what this check looks at. */
export function isAsked({ id }: Check): boolean {
  return ASKED.includes(id);
}

/** The checks that the settings ask for: what the homework asks for comes first. */
export function checksFor({ register }: Settings): readonly Check[] {
  const all = [
    ...leavingChecks,
    ...askingChecks,
    ...nameChecks,
    ...failureChecks,
    ...careChecks,
    ...(register ? registerChecks : []),
  ];
  return [...all.filter(isAsked), ...all.filter((check) => !isAsked(check))];
}
