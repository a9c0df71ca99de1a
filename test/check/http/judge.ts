/** Whether what was seen is one of the outcomes that a check allows, and both in words. */
import type { Check, Facts, Outcome } from './check.ts';
import type { Seen } from './connection.ts';

export type Verdict = 'pass' | 'warn' | 'fail';

export function judge(check: Check, seen: Seen, facts: Facts): { verdict: Verdict; seen: string } {
  const words = describe(seen);
  const isAny = (outcomes: readonly Outcome[]) =>
    outcomes.some((outcome) => isOutcome(outcome, check, seen, facts));
  const isPassed = isAny(check.pass);
  if (!isPassed && !isAny(check.warn)) return { verdict: 'fail', seen: words };
  const trouble = check.also?.(seen);
  if (trouble !== undefined) return { verdict: 'fail', seen: `${words}: ${trouble}` };
  return { verdict: isPassed ? 'pass' : 'warn', seen: words };
}

function isOutcome(outcome: Outcome, check: Check, seen: Seen, facts: Facts): boolean {
  const { final, rest, end } = seen;
  const [first, ...others] = final;
  if (first === undefined) {
    if (outcome === 'bare') return rest !== '';
    if (rest !== '') return false;
    return outcome === (end === 'open' ? 'silent' : 'closed');
  }
  const [status = '', then] = outcome.split('+');
  const good = (check.kind === 'GET' ? facts.get : facts.post).status;
  if (!isStatus(status, first.status, good) || rest !== '' || !final.every((one) => one.isWhole))
    return false;
  // Behind a request that is refused, a second refusal acts on nothing.
  const acted = others.filter((one) => one.status < 400);
  if (then === 'more') return final.length === check.methods.length && acted.length > 0;
  return acted.length === 0 && (then === undefined || end !== 'open');
}

function isStatus(wanted: string, status: number, good: number): boolean {
  if (wanted === 'any') return true;
  if (wanted === 'good') return status === good;
  return wanted.endsWith('xx') ? wanted[0] === String(status)[0] : wanted === String(status);
}

function describe({ interim, final, rest, end, ms }: Seen): string {
  const statuses = [...interim, ...final].map(({ status }) => status);
  const parts = [statuses.slice(0, 5).join(', then ')];
  if (statuses.length > 5) parts.push(`${statuses.length - 5} more`);
  if (statuses.length === 0) parts[0] = 'no response';
  if (final.some(({ isWhole }) => !isWhole)) parts.push('its body broken off');
  if (rest !== '') parts.push(`bytes that are no response (${JSON.stringify(rest.slice(0, 40))})`);
  const how = { closed: 'closed', reset: 'reset', open: 'left open' }[end];
  return `${parts.join(', ')}; the connection ${how} after ${(ms / 1000).toFixed(1)} s`;
}

/** What would have been right. */
export function wanted({ pass }: Check): string {
  return pass.map(inWords).join('; or ');
}

function inWords(outcome: Outcome): string {
  if (outcome === 'closed') return 'the connection closed';
  if (outcome === 'silent') return 'no response yet';
  if (outcome === 'bare') return 'bytes';
  const [status = '', then] = outcome.split('+');
  const words = { good: 'the usual response', any: 'any response' }[status] ?? status;
  if (then === undefined) return words;
  return `${words} and ${then === 'closed' ? 'the connection closed' : 'then those of what follows'}`;
}
