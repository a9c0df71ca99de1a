/**
 * Answers as they came over the wire: taken apart, and held against what every answer must carry.
 */
import assert from 'node:assert/strict';

export interface Answer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The start of a request to which a test adds what it is about. */
export const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n';
/** The same for one whose form is given back. */
export const POST =
  'POST /02-server HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n';

/** Word for word what is promised; a change of the source alone must fail. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Every answer carries these, and none names the server. */
export function assertSecurity(headers: ReadonlyMap<string, string>): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    assert.equal(headers.get(name), value, name);
  }
  for (const name of ['server', 'x-powered-by']) assert.equal(headers.get(name), undefined, name);
  assert.ok(headers.has('date'));
}

/** A failure has RFC 9457's form, is never cached, and repeats its own status. */
export function assertProblem({ status, headers, body }: Answer, code?: string): void {
  assertSecurity(headers);
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(headers.get('cache-control'), 'no-store');
  const problem: unknown = JSON.parse(body);
  assert.ok(typeof problem === 'object' && problem !== null);
  const names = ['type', 'title', 'status', 'code', 'detail', 'requestId'];
  assert.deepEqual(Object.keys(problem), names);
  assert.ok('status' in problem && problem.status === status);
  if (code !== undefined) assert.ok('code' in problem && problem.code === code, body);
}

/** Every answer in what came back (none of them to HEAD), interim ones too. */
export function answersIn(text: string): Answer[] {
  const answers: Answer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    assert.notEqual(end, -1, `no end of headers in: ${rest.slice(0, 200)}`);
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    assert.ok(status >= 100, `no status in: ${first}`);
    const headers = new Map(lines.map(pairOf));
    const { body, length } = contentOf(status, headers, rest.slice(end + 4));
    answers.push({ status, headers, body });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

/** The one answer in what came back. */
export function answerIn(text: string): Answer {
  const [answer, ...others] = answersIn(text);
  assert.ok(answer !== undefined, 'no answer came back');
  assert.equal(others.length, 0, `more than one answer: ${text}`);
  return answer;
}

function pairOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function contentOf(status: number, headers: ReadonlyMap<string, string>, rest: string) {
  if (status < 200 || status === 204 || status === 304) return { body: '', length: 0 };
  if (headers.get('transfer-encoding') === 'chunked') return dechunk(rest);
  const length = Number(headers.get('content-length') ?? rest.length);
  assert.ok(rest.length >= length, 'the body broke off');
  return { body: rest.slice(0, length), length };
}

function dechunk(text: string) {
  let body = '';
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n', at);
    assert.notEqual(end, -1, 'the chunked body broke off');
    const size = Number.parseInt(text.slice(at, end), 16);
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
    if (size === 0) return { body, length: at };
  }
}
