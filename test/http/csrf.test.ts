/**
 * Requests that another site starts in a visitor's browser: only what is safe passes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';
import { askToEnd } from '../support/http-client.ts';
import { answerIn, assertProblem, assertSecurity } from '../support/http-wire.ts';

// Of a host «shop.example:8080», which no test listens on: only what the headers say counts.
const cases: [headers: string, passes: boolean][] = [
  ['', true],
  ['Sec-Fetch-Site: same-origin', true],
  ['Sec-Fetch-Site: none', true],
  ['Sec-Fetch-Site: same-site', false],
  ['Sec-Fetch-Site: cross-site', false],
  ['Sec-Fetch-Site: Same-Origin', false],
  ['Sec-Fetch-Site:', false],
  ['Sec-Fetch-Site: something-new', false],
  ['Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site', false],
  ['Sec-Fetch-Site: cross-site\r\nOrigin: http://shop.example:8080', false],
  ['Sec-Fetch-Site: same-origin\r\nOrigin: http://evil.example', true],
  ['Origin: http://shop.example:8080', true],
  ['Origin: https://shop.example:8080', true],
  ['Origin: http://SHOP.example:8080', true],
  ['Origin: null', false],
  ['Origin:', false],
  ['Origin: http://shop.example', false],
  ['Origin: http://shop.example:80', false],
  ['Origin: http://evil.example', false],
  ['Origin: http://shop.example:8080.evil.example', false],
  ['Origin: http://shop.example:8080@evil.example', false],
  ['Origin: http://evil.example/http://shop.example:8080', false],
  ['Origin: http://sub.shop.example:8080', false],
  ['Origin: shop.example:8080', false],
  ['Origin: file://shop.example:8080', false],
  ['Origin: http://shop.example:8080\r\nOrigin: http://evil.example', false],
];
const unsafe: [line: string, passed: number][] = [
  ['POST /02-server', 200],
  ['POST /logout', 204],
  ['PUT /session/a', 400],
  ['DELETE /session/a', 404],
  ['DELETE /sessions', 401],
];
for (const [headers, passes] of cases) {
  const said = headers.replaceAll('\r\n', ', ') || 'neither header';
  test(`with ${said}, what is unsafe ${passes ? 'passes' : 'is refused'}`, async (t) => {
    const { port } = await startApp(t);
    const ask = async (line: string) => {
      const head = `${line} HTTP/1.1\r\nHost: shop.example:8080\r\nConnection: close\r\n`;
      return answerIn(await askToEnd(t, port, `${head}${headers && `${headers}\r\n`}\r\n`));
    };
    for (const [line, passed] of unsafe) {
      const answer = await ask(line);
      assert.equal(answer.status, passes ? passed : 403, line);
      if (!passes) assertProblem(answer, 'cross_site');
    }
    for (const line of ['GET /session', 'GET /', 'OPTIONS /session/a']) {
      const answer = await ask(line);
      assert.ok(answer.status < 300, line);
      assertSecurity(answer.headers);
    }
  });
}

test('the host of an absolute target counts for Origin, not the Host beside it', async (t) => {
  const { port } = await startApp(t);
  for (const [origin, status] of [
    ['http://b', 204],
    ['http://a', 403],
  ] as const) {
    const head = `POST http://b/logout HTTP/1.1\r\nHost: a\r\nOrigin: ${origin}\r\n`;
    const answer = answerIn(await askToEnd(t, port, `${head}Connection: close\r\n\r\n`));
    assert.equal(answer.status, status);
  }
});

test('on HTTP/1.0 without a Host no Origin is ours', async (t) => {
  const { port } = await startApp(t);
  for (const origin of ['http://', 'null', 'http://a']) {
    const bytes = `POST /logout HTTP/1.0\r\nOrigin: ${origin}\r\n\r\n`;
    assert.equal(answerIn(await askToEnd(t, port, bytes)).status, 403, origin);
  }
});

test('an Origin that is not the Host is warned of once', async (t) => {
  const { url, lines } = await startApp(t);
  const warnings = () => lines.filter((line) => line.includes('$http_host'));
  const post = async (headers: Record<string, string>) =>
    (await fetch(`${url}/logout`, { method: 'POST', headers })).status;
  // With Sec-Fetch-Site, Origin is not compared.
  assert.equal(await post({ 'Sec-Fetch-Site': 'cross-site' }), 403);
  assert.equal(await post({ Origin: url }), 204);
  assert.deepEqual(warnings(), []);
  for (let count = 0; count < 3; count += 1) {
    assert.equal(await post({ Origin: 'http://shop.example' }), 403);
  }
  assert.equal(warnings().length, 1);
  assert.doesNotMatch(lines.join('\n'), /shop\.example/);
});
