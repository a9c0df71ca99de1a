/**
 * What is asked of each server: four workloads, each a list of requests with the answers that are
 * right. The same requests are first checked one by one, and then sent as load.
 */
import assert from 'node:assert/strict';
import { freeName, takenName, USERS } from './database.ts';

export interface BenchRequest {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body of the right answer: bytes, or what its JSON says. */
  readonly answer: Buffer | object;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly requests: readonly BenchRequest[];
}

const NAMES = 10_000;
/** Far apart in the index, and without a common factor with the number of users. */
const STRIDE = 7919;
/** As many as there are connections. */
const SESSIONS = 64;
const KEY = 'k';
/** Of the many requests of a workload, so many are checked. */
const CHECKED = 100;

/** Makes a new session each time. */
export const STRANGER = writeKey('');

/** Every workload, for one server: those with a session need that server's own cookies. */
export async function prepareWorkloads(url: string, page: Buffer): Promise<Workload[]> {
  return [
    { name: 'page', title: 'page', requests: [get('/', page)] },
    {
      name: 'check-uname',
      title: '`GET /check-uname`',
      requests: Array.from({ length: NAMES }, (_, index) => checkUname(index)),
    },
    ...(await prepareSessionWorkloads(url)),
  ];
}

/** The two that need no database. */
export async function prepareSessionWorkloads(url: string): Promise<Workload[]> {
  const cookies = await Promise.all(Array.from({ length: SESSIONS }, () => newSession(url)));
  return [
    { name: 'session-read', title: 'session read', requests: cookies.map(readKey) },
    { name: 'session-write', title: 'session write', requests: cookies.map(writeKey) },
  ];
}

/** Asks, and holds each answer against what is right. */
export async function checkWorkloads(url: string, workloads: readonly Workload[]): Promise<void> {
  // The last first, so that the sessions are read after they were written.
  for (const { requests } of [...workloads].reverse()) {
    for (const request of requests.slice(0, CHECKED)) await check(url, request);
  }
}

async function check(url: string, { method, path, headers, body, answer }: BenchRequest) {
  const what = `${method} ${url}${path}`;
  const response = await fetch(url + path, {
    method,
    headers: { 'accept-encoding': 'identity', ...headers },
    body: body === '' ? null : body,
  });
  const content = Buffer.from(await response.arrayBuffer());
  assert.equal(response.status, 200, `${what}: ${content.subarray(0, 200)}`);
  assert.equal(response.headers.get('content-encoding'), null, what);
  if (Buffer.isBuffer(answer)) assert.ok(content.equals(answer), `${what}: other bytes`);
  else assert.deepEqual(JSON.parse(content.toString()), answer, what);
}

/** Writes without a cookie. @returns the Cookie header that belongs to the new session */
export async function newSession(url: string): Promise<string> {
  const { method, path, headers, body } = STRANGER;
  const response = await fetch(url + path, { method, headers, body });
  await response.arrayBuffer();
  const cookies = response.headers.getSetCookie().map((text) => text.split(';', 1)[0]);
  assert.ok(cookies.length > 0, `${method} ${url}${path} sets no cookie`);
  return cookies.join('; ');
}

function checkUname(index: number): BenchRequest {
  const number = (index * STRIDE) % USERS;
  const uname = index % 2 === 0 ? takenName(number) : freeName(number);
  return get(`/check-uname?uname=${uname}`, { uname, exists: index % 2 === 0 });
}

function readKey(cookie: string): BenchRequest {
  return get(`/session/${KEY}`, { key: KEY, value: valueFor(cookie) }, { cookie });
}

function writeKey(cookie: string): BenchRequest {
  const value = valueFor(cookie);
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    method: 'PUT',
    path: `/session/${KEY}`,
    headers: cookie === '' ? type : { ...type, cookie },
    body: `value=${value}`,
    answer: { key: KEY, value },
  };
}

/** Another one for each session, and always of the same length. */
function valueFor(cookie: string): string {
  return `of${cookie.replace(/\W/g, '').padEnd(30, '_').slice(0, 30)}`;
}

function get(path: string, answer: Buffer | object, headers = {}): BenchRequest {
  return { method: 'GET', path, headers, body: '', answer };
}
