/** Looks at the server, then makes all checks, several at once. */
import type { Answer } from './answers.ts';
import { type Check, get, post, request, type Target } from './check.ts';
import { checksFor } from './checks.ts';
import { type Address, NoConnection, type Patience, type Step, talk } from './connection.ts';
import { judge, type Verdict } from './judge.ts';
import type { Settings } from './settings.ts';

export interface Result {
  readonly check: Check;
  readonly verdict: Verdict;
  /** In words. */
  readonly seen: string;
  /** Whether more time might have shown more. */
  readonly isDoubtful: boolean;
}

/** The server cannot be looked at, for this reason. */
export class CannotLook extends Error {}

const FIRST: Patience = { answerMs: 1500, quietMs: 250 };
/** For a second look, alone: a busy machine may have been late. */
const SECOND: Patience = { answerMs: 4000, quietMs: 1500 };
const SECOND_PARALLEL = 8;
const MISSING = '/check-http-there-is-nothing-here';

/** What is right for this server. @throws CannotLook */
export async function meet(settings: Settings): Promise<Target> {
  const { url } = settings;
  const isTls = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (isTls ? 443 : 80));
  const address: Address = { isTls, hostname, port };
  const path = url.pathname + url.search;
  const known = {
    address,
    host: url.host,
    path,
    postPath: settings.post ?? path,
    missingPath: MISSING,
    takesBody: settings.post !== undefined,
    type: settings.type,
    body: settings.body,
  };
  const none: Answer = { version: '', status: 0, headers: new Map(), body: '', isWhole: true };
  const target = { ...known, get: none, post: none, missing: none };
  const ask = async (method: string, text: string) => {
    const [answer] = (await tryTo(address, [text], [method])).final;
    if (answer !== undefined) return answer;
    throw new CannotLook(`${method} to ${url.origin} is answered by nothing that is HTTP/1.1`);
  };
  const found = await ask('GET', get(target, 'Connection: close'));
  if (found.status >= 400)
    throw new CannotLook(
      `GET ${path} is answered ${found.status}: name a path that is answered by 200`,
    );
  const length = `Content-Length: ${known.body.length}`;
  const taken = await ask('POST', post(target, length, 'Connection: close') + known.body);
  if (known.takesBody && taken.status >= 400)
    throw new CannotLook(
      `POST ${known.postPath} with ${known.body} is answered ${taken.status}: --body, --type?`,
    );
  const missing = await ask('GET', request(target, `GET ${MISSING} HTTP/1.1`, 'Connection: close'));
  return { ...known, get: found, post: taken, missing };
}

/** @returns the results in the order of the checks @throws CannotLook */
export async function inspect(target: Target, settings: Settings): Promise<Result[]> {
  const checks = checksFor(target, settings.only);
  if (checks.length === 0) throw new CannotLook(`no check is called ${settings.only.join(', ')}`);
  const results = new Map<Check, Result>();
  const look = (patience: Patience) => async (check: Check) => {
    results.set(check, await make(target, check, patience));
  };
  const long = checks.filter(({ isLong }) => isLong);
  const short = checks.filter(({ isLong }) => !isLong);
  const lookTwice = async () => {
    await inParallel(short, settings.parallel, look(FIRST));
    const doubtful = short.filter((check) => results.get(check)?.isDoubtful);
    await inParallel(doubtful, SECOND_PARALLEL, look(SECOND));
  };
  // What waits for the server's time-outs waits beside all else.
  const wait = { answerMs: settings.waitMs, quietMs: SECOND.quietMs };
  await Promise.all([inParallel(long, long.length, look(wait)), lookTwice()]);
  return checks.flatMap((check) => results.get(check) ?? []);
}

async function make(target: Target, check: Check, patience: Patience): Promise<Result> {
  const seen = await tryTo(target.address, check.send, check.methods, patience);
  const judged = judge(check, seen, target);
  const asksForTheEnd = check.pass.some((outcome) => outcome.endsWith('closed'));
  const isOpen = seen.end === 'open' && (seen.final.length < check.methods.length || asksForTheEnd);
  // Silence may be right, and may be a server that is late.
  const isSilent = seen.final.length === 0 && seen.end === 'open';
  const isFound = judged.verdict !== 'pass' && (isOpen || seen.isLate || seen.end === 'reset');
  const isDoubtful = isSilent || isFound;
  return { check, ...judged, isDoubtful };
}

async function inParallel<T>(all: readonly T[], count: number, work: (one: T) => Promise<void>) {
  const rest = all.values();
  const worker = async () => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: count }, worker));
}

async function tryTo(
  address: Address,
  steps: readonly Step[],
  methods: readonly string[],
  patience: Patience = SECOND,
) {
  try {
    return await talk(address, steps, methods, patience);
  } catch (error) {
    if (!(error instanceof NoConnection)) throw error;
    throw new CannotLook(`no connection to ${address.hostname}:${address.port}: ${error.message}`);
  }
}
