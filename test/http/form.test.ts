/** Queries, forms and bodies: decoded once, each field once, only allowed ones, to their end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { readForm } from '../../lib/http/form.ts';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { codeOf } from '../support/http.ts';
import { askToEnd, openClient } from '../support/http-client.ts';
import { startServer } from '../support/http-server.ts';
import { answerIn, answersIn, assertProblem, GET, POST } from '../support/http-wire.ts';
import { until } from '../support/process.ts';
import { statusOf } from '../support/raw.ts';

const FORM = 'application/x-www-form-urlencoded';

const badTexts: [what: string, text: string][] = [
  ['a percent sign alone', '%'],
  ['a percent sign with one digit', 'a%4'],
  ['an escape that is no number', '%zz'],
  ['a byte that is no UTF-8', '%ff'],
  ['an overlong slash', '%c0%af'],
  ['an overlong dot', '%c0%ae'],
  ['half a letter', '%c3'],
  ['a surrogate', '%ed%a0%80'],
  ['a letter beyond Unicode', '%f4%90%80%80'],
  ['a NUL', 'a%00b'],
];
for (const [what, text] of badTexts) {
  test(`${what} is refused in a query, a form, a field's name and a path`, async (t) => {
    const { port } = await startApp(t);
    const post = (body: string) =>
      `POST /02-server HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${FORM}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const requests = [
      get(`/01-server?name=${text}`),
      get(`/01-server?${text}=a`),
      get(`/session/${text}`),
      get(`/static/${text}`),
      get(`/${text}`),
      post(`a=${text}`),
      post(`${text}=a`),
    ];
    for (const bytes of requests) {
      const answer = answerIn(await askToEnd(t, port, bytes));
      assert.equal(answer.status, 400, bytes);
      assertProblem(answer, 'bad_request');
    }
  });
}

const forms: [what: string, body: BodyInit, status: number, answer: object | string][] = [
  ['gives the fields back', 'a=1&b=2', 200, { a: '1', b: '2' }],
  ['reads + as a blank and %2B as +', 'a+b=1+2&c=1%2B2', 200, { 'a b': '1 2', c: '1+2' }],
  ['decodes once', 'a=%2541', 200, { a: '%41' }],
  ['takes UTF-8, escaped or not', 'a=%E5%B0%8F&b=明', 200, { a: '小', b: '明' }],
  ['keeps a byte order mark', '\uFEFFa=1', 200, { '\uFEFFa': '1' }],
  ['passes over empty pairs', '&a=1&&b=2&', 200, { a: '1', b: '2' }],
  ['takes a field without a value', 'a&b=', 200, { a: '', b: '' }],
  ['splits at the first =', 'a=b=c', 200, { a: 'b=c' }],
  ['takes a field without a name', '=1', 200, { '': '1' }],
  ['takes __proto__ for a name', '__proto__=1', 200, JSON.parse('{"__proto__":"1"}')],
  ['takes constructor for a name', 'constructor=1', 200, { constructor: '1' }],
  ['takes no body at all', '', 200, {}],
  ['refuses a field twice', 'a=1&a=1', 400, 'duplicate_field'],
  ['refuses a field twice in another spelling', 'a=1&%61=2', 400, 'duplicate_field'],
  ['refuses __proto__ twice', '__proto__=1&__proto__=2', 400, 'duplicate_field'],
  ['refuses a bare NUL', 'a=\0', 400, 'bad_request'],
  ['refuses bare bytes that are no UTF-8', Uint8Array.of(0x61, 0x3d, 0xff), 400, 'bad_request'],
];
for (const [what, body, status, expected] of forms) {
  test(`POST /02-server ${what}`, async (t) => {
    const { url } = await startApp(t);
    const init = { method: 'POST', body, headers: { 'Content-Type': FORM } };
    const response = await fetch(`${url}/02-server`, init);
    assert.equal(response.status, status);
    if (typeof expected === 'string') assert.equal(await codeOf(response), expected);
    else assert.deepEqual(await response.json(), expected);
  });
}

const unknown: [method: string, path: string, body?: string][] = [
  ['GET', '/01-server?nom=a'],
  ['GET', '/01-server?name=a&x=1'],
  ['GET', '/session?x=1'],
  ['POST', '/logout?x=1'],
  ['POST', '/logout', 'x=1'],
  ['POST', '/register', 'uname=abc&upwd=12345678&nickname=A&id=1'],
  ['GET', '/01-server?__proto__=1'],
];
for (const [method, path, body] of unknown) {
  test(`${method} ${path} ${body ?? ''} is refused for a field that is not known`, async (t) => {
    const { url } = await startApp(t);
    const headers = body === undefined ? {} : { 'Content-Type': FORM };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body }) });
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), 'unknown_field');
  });
}

const types: [what: string, headers: Record<string, string>, status: number][] = [
  ['its charset', { 'Content-Type': `${FORM};charset=UTF-8` }, 200],
  ['its charset in quotes', { 'Content-Type': `${FORM.toUpperCase()} ; charset="utf-8"` }, 200],
  ['no coding', { 'Content-Type': FORM, 'Content-Encoding': 'identity' }, 200],
  ['another charset', { 'Content-Type': `${FORM}; charset=latin1` }, 415],
  ['two charsets', { 'Content-Type': `${FORM}; charset=utf-8; charset=latin1` }, 415],
  ['two types', { 'Content-Type': `${FORM}, text/plain` }, 415],
  ['multipart/form-data', { 'Content-Type': 'multipart/form-data; boundary=x' }, 415],
  ['JSON', { 'Content-Type': 'application/json' }, 415],
  ['text/plain', { 'Content-Type': 'text/plain' }, 415],
  ['a type that only begins like it', { 'Content-Type': `${FORM}x` }, 415],
  ['an empty type', { 'Content-Type': '' }, 415],
  ['gzip', { 'Content-Type': FORM, 'Content-Encoding': 'gzip' }, 415],
];
for (const [what, headers, status] of types) {
  test(`a form that says ${what} is answered ${status}`, async (t) => {
    const { url } = await startApp(t);
    const init = { method: 'POST', body: 'a=1', headers };
    assert.equal((await fetch(`${url}/02-server`, init)).status, status);
  });
}

const keys: [key: string, status: number, code: string][] = [
  ['a%2Fb', 400, 'invalid_key'],
  ['a%20b', 400, 'invalid_key'],
  ['%252e', 400, 'invalid_key'],
  ['a'.repeat(65), 400, 'invalid_key'],
  ['a/b', 404, 'not_found'],
  ['', 404, 'not_found'],
  ['..%2e', 404, 'no_such_key'],
  ['__proto__', 404, 'no_such_key'],
];
for (const [key, status, code] of keys) {
  test(`the session key ${key} is answered ${status} ${code}`, async (t) => {
    const { port } = await startApp(t);
    const bytes = `GET /session/${key} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const answer = answerIn(await askToEnd(t, port, bytes));
    assert.equal(answer.status, status);
    assertProblem(answer, code);
  });
}

const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const NOTHING = '0\r\n\r\n';
const framings: [what: string, headers: string, body: string][] = [
  ['no body', '', ''],
  ['a body of no chunks', CHUNKED, NOTHING],
  ['no chunks and an extension', CHUNKED, `0;a=b\r\n\r\n`],
  ['no chunks and a trailer', CHUNKED, `0\r\nX: y\r\n\r\n`],
  ['no chunks of JSON', `${CHUNKED}Content-Type: application/json\r\n`, NOTHING],
  ['no chunks, compressed', `${CHUNKED}Content-Encoding: gzip\r\n`, NOTHING],
  ['a length of 0', 'Content-Length: 0\r\n', ''],
  ['a length of 0 of JSON', 'Content-Length: 0\r\nContent-Type: application/json\r\n', ''],
];
/** The same as without a body, by every kind of route. */
const byRoute: [line: string, status: number][] = [
  ['POST /logout', 204],
  ['DELETE /session/x', 404],
  ['DELETE /sessions', 401],
  ['GET /session', 200],
  ['HEAD /session', 200],
  ['GET /', 200],
  ['GET /healthz', 200],
  ['GET /nowhere', 404],
  ['OPTIONS /session', 204],
  ['PATCH /session', 405],
  ['POST /02-server', 200],
  ['PUT /session/x', 400],
  ['POST /register', 400],
];
for (const [what, headers, body] of framings) {
  test(`a request with ${what} is answered by its fields, and the connection is kept`, async (t) => {
    const { port } = await startApp(t);
    for (const [line, status] of byRoute) {
      const bytes = `${line} HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`;
      const client = await openClient(t, port);
      client.send(`${bytes}${GET}Connection: close\r\n\r\n`);
      const text = await client.ended();
      assert.equal(statusOf(text), status, line);
      assert.ok(text.endsWith('{"status":"ok"}'), text);
    }
  });
}

test('an empty body in chunks that comes late is waited for, and is no content either', async (t) => {
  const { port } = await startApp(t);
  const client = await openClient(t, port);
  client.send(`POST /logout HTTP/1.1\r\nHost: a\r\n${CHUNKED}Connection: close\r\n\r\n`);
  client.send('0\r\n');
  client.send('\r\n');
  assert.equal(answerIn(await client.ended()).status, 204);
});

const owed: [what: string, headers: string, body: string, code: string][] = [
  ['chunks', CHUNKED, `3\r\na=b\r\n${NOTHING}`, 'unsupported_media_type'],
  ['a length', 'Content-Length: 3\r\n', 'a=b', 'unsupported_media_type'],
  [
    'compressed chunks',
    `${CHUNKED}Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n`,
    `3\r\na=b\r\n${NOTHING}`,
    'unsupported_content_encoding',
  ],
  // Expect means that there is content (RFC 9110 §10.1.1).
  ['a question', `${CHUNKED}Expect: 100-continue\r\n`, '', 'unsupported_media_type'],
];
for (const [what, headers, body, code] of owed) {
  test(`for content that is announced by ${what}, a media type is owed`, async (t) => {
    const { port } = await startApp(t);
    for (const line of ['POST /logout', 'DELETE /session/x', 'GET /session', 'POST /02-server']) {
      const head = `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`;
      const answer = answerIn(await askToEnd(t, port, `${head}${body}`));
      assert.equal(answer.status, 415, line);
      assertProblem(answer, code);
    }
  });
}

const MEGABYTES = 2;
const BLOCK = 'x'.repeat(65_536);
const BLOCKS = (MEGABYTES * 1_048_576) / BLOCK.length;
const asChunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

const LENGTH = `Content-Length: ${BLOCKS * BLOCK.length}\r\n`;
const to = (line: string) => `${line} HTTP/1.1\r\nHost: a\r\n${LENGTH}\r\n`;

const early: [what: string, head: string, block: string, status: number][] = [
  ['413 to a length that is too large', `${POST}${LENGTH}\r\n`, BLOCK, 413],
  ['413 to too many chunks', `${POST}${CHUNKED}\r\n`, asChunk(BLOCK), 413],
  ['404', to('POST /nowhere'), BLOCK, 404],
  ['405', to('POST /'), BLOCK, 405],
  ['415', to('POST /02-server'), BLOCK, 415],
  ['the file', to('GET /'), BLOCK, 200],
];
for (const [what, head, block, status] of early) {
  test(`a client that sends ${MEGABYTES} MB before it reads gets ${what}, and its connection stays`, async (t) => {
    const { port } = await startApp(t);
    for (let round = 0; round < 15; round += 1) {
      const client = await openClient(t, port);
      client.socket.pause();
      client.send(head);
      for (let count = 0; count < BLOCKS; count += 1) {
        await new Promise((resolve) => client.socket.write(block, resolve));
      }
      client.send(`${block === BLOCK ? '' : asChunk('')}${GET}Connection: close\r\n\r\n`);
      client.socket.resume();
      const statuses = answersIn(await client.ended()).map((answer) => answer.status);
      assert.deepEqual(statuses, [status, 200]);
    }
  });
}

test('a body of exactly 16 KiB is taken, in one piece and in chunks; one byte more is not', async (t) => {
  const { port } = await startApp(t);
  const field = (bytes: number) => 'a='.padEnd(bytes, 'x');
  const cases: [string, number][] = [
    [`Content-Length: 16384\r\n\r\n${field(16_384)}`, 200],
    [`Content-Length: 16385\r\n\r\n${field(16_385)}`, 413],
    [`Transfer-Encoding: chunked\r\n\r\n${asChunk(field(16_384))}${asChunk('')}`, 200],
    [`Transfer-Encoding: chunked\r\n\r\n${asChunk(field(16_385))}${asChunk('')}`, 413],
  ];
  for (const [bytes, status] of cases) {
    const client = await openClient(t, port);
    client.send(`${POST}${bytes}`);
    const answer = answerIn(await client.until((text) => /"\}$/.test(text)));
    assert.equal(answer.status, status);
    if (status === 413) assertProblem(answer, 'body_too_large');
  }
});

describe('Expect: 100-continue', () => {
  const expecting = `${POST}Expect: 100-continue\r\n`;

  test('with a good length gets 100, and the answer once the body is there', async (t) => {
    const { port } = await startApp(t);
    const client = await openClient(t, port);
    client.send(`${expecting}Content-Length: 3\r\n\r\n`);
    await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.send('a=b');
    const answers = answersIn(await client.until((text) => text.endsWith('}')));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [100, 200],
    );
    assert.equal(answers[1]?.body, '{"a":"b"}');
  });

  const refused: [what: string, bytes: string, status: number][] = [
    ['too large a length', `${expecting}Content-Length: 99999999\r\n\r\n`, 413],
    [
      'another media type',
      'POST /02-server HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
      415,
    ],
    ['another site', `${expecting}Sec-Fetch-Site: cross-site\r\nContent-Length: 3\r\n\r\n`, 403],
    [
      'a path where nothing is',
      'POST /nowhere HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
      404,
    ],
    ['two Hosts', `${expecting}Host: b\r\nContent-Length: 3\r\n\r\n`, 400],
  ];
  for (const [what, bytes, status] of refused) {
    test(`with ${what} gets ${status} and no 100`, async (t) => {
      const { port } = await startApp(t);
      const client = await openClient(t, port);
      client.send(bytes);
      const answer = answerIn(await client.until((text) => text.endsWith('}')));
      assert.equal(answer.status, status);
      assertProblem(answer);
    });
  }

  test('on HTTP/1.0 or without a body brings no 100', async (t) => {
    const { port } = await startApp(t);
    const old = await openClient(t, port);
    old.send(`${expecting.replace('HTTP/1.1', 'HTTP/1.0')}Content-Length: 3\r\n\r\na=b`);
    assert.equal(answerIn(await old.ended()).status, 200);
    const empty = await openClient(t, port);
    empty.send(`${expecting}Connection: close\r\n\r\n`);
    assert.equal(answerIn(await empty.ended()).body, '{}');
  });
});

test('a body that breaks off is never acted upon', async (t) => {
  const { url, port, lines } = await startApp(t);
  for (const bytes of ['Content-Length: 20\r\n\r\na=b', `${CHUNKED}\r\n${asChunk('a=b')}`]) {
    const client = await openClient(t, port);
    client.socket.end(`${POST}${bytes}`);
    assert.match(await client.ended(), /^HTTP\/1.1 400 /);
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.deepEqual(lines, ['GET /healthz 200']);
});

test('a registration that breaks off before its last byte stores nothing', {
  skip: noDatabaseProgram,
}, async (t) => {
  const { url, port } = await startApp(t, { database: await testDatabase() });
  const form = 'uname=half-sent&upwd=correct+horse&nickname=H';
  const client = await openClient(t, port);
  client.send(
    `${POST.replace('/02-server', '/register')}Content-Length: ${form.length + 1}\r\n\r\n${form}`,
  );
  client.socket.end();
  await client.ended();
  const check = await fetch(`${url}/check-uname?uname=half-sent`);
  assert.deepEqual(await check.json(), { uname: 'half-sent', exists: false });
});

test('a form whose client goes away half-way is given up', async (t) => {
  let begun = false;
  let outcome: unknown;
  const { port } = await startServer(t, {}, async (...both) => {
    begun = true;
    outcome = await readForm(...both, 'any').catch((error: unknown) => error);
  });
  const client = await openClient(t, port);
  client.send(`${POST}Content-Length: 9\r\n\r\na=b`);
  await until('the request', () => begun);
  client.socket.resetAndDestroy();
  await until('the outcome', () => outcome !== undefined);
  assert.ok(outcome instanceof Error && outcome.name === 'AbortError');
});

test('a form whose client has gone before it is read is given up', async (t) => {
  let outcome: unknown;
  const { port } = await startServer(t, {}, async (request, response) => {
    request.socket.destroy();
    await once(response, 'close');
    outcome = await readForm(request, response, 'any').catch((error: unknown) => error);
  });
  const client = await openClient(t, port);
  client.socket.removeAllListeners('error').on('error', () => {});
  client.send(`${POST}Content-Length: 9\r\n\r\na=b`);
  await until('the outcome', () => outcome !== undefined);
  assert.ok(outcome instanceof Error && outcome.name === 'AbortError');
});

test('a body whose rest comes after the 408 is not acted upon', async (t) => {
  let outcome: unknown;
  const { port } = await startServer(
    t,
    { headersTimeout: 300, requestTimeout: 300 },
    async (...both) => {
      // The response is not flushed while the client does not read: the socket stays for a while.
      Object.assign(both[0].socket, { destroySoon: () => both[0].socket.end() });
      outcome = await readForm(...both, 'any').catch((error: unknown) => error);
    },
  );
  const client = await openClient(t, port);
  client.send(`${POST}Content-Length: 3\r\n\r\na`);
  await client.until((text) => text.startsWith('HTTP/1.1 408'));
  client.send('=b');
  await until('the outcome', () => outcome !== undefined);
  assert.ok(outcome instanceof Error && outcome.name === 'AbortError');
});
