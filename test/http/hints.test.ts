/**
 * What is set up wrong in front of the server shows as a fault of the server's. So the log says,
 * once, what it may be.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/app.ts';

const of = (lines: readonly string[], word: string) => lines.filter((line) => line.includes(word));

for (const [name, value] of [
  ['X-Forwarded-For', '1.1.1.1'],
  ['X-Forwarded-Proto', 'https'],
] as const) {
  test(`${name} without TRUST_PROXY is told to the log once`, async (t) => {
    const { url, lines } = await startApp(t);
    await fetch(`${url}/healthz`);
    assert.deepEqual(of(lines, 'TRUST_PROXY'), []);
    for (let count = 0; count < 3; count += 1) {
      await fetch(`${url}/healthz`, { headers: { [name]: value } });
    }
    assert.equal(of(lines, 'TRUST_PROXY').length, 1);
    assert.doesNotMatch(lines.join('\n'), /1\.1\.1\.1/);
  });

  test(`${name} with TRUST_PROXY is as it should be, and nothing is told`, async (t) => {
    const { url, lines } = await startApp(t, { config: { trustProxy: 1 } });
    await fetch(`${url}/healthz`, { headers: { [name]: value } });
    assert.deepEqual(lines, ['GET /healthz 200']);
  });
}

test('a proxy that does not pass Host whole is told to the log once', async (t) => {
  const { url, lines } = await startApp(t);
  const post = async (headers: Record<string, string>) =>
    (await fetch(`${url}/logout`, { method: 'POST', headers })).status;
  // A browser that says what kind of site a request comes from is not asked after its host.
  assert.equal(await post({ 'Sec-Fetch-Site': 'cross-site' }), 403);
  assert.equal(await post({ Origin: url }), 204);
  assert.deepEqual(of(lines, '$http_host'), []);
  for (let count = 0; count < 3; count += 1) {
    assert.equal(await post({ Origin: 'http://shop.example' }), 403);
  }
  assert.equal(of(lines, '$http_host').length, 1);
  assert.doesNotMatch(lines.join('\n'), /shop\.example/);
});
