/**
 * Who is asking: by the connection, and behind proxies by what our own proxies have added.
 */
import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { readPeer } from '../../lib/http/peer.ts';
import { startApp } from '../support/app.ts';
import { heapUsed } from '../support/session-heap.ts';

/** No test here is about what is set up wrong; see http-hints.test.ts. */
const peerOf = (request: IncomingMessage, proxies: number) => readPeer(request, proxies, () => {});

/** A request as it looks when it came from `address`. */
function requestFrom(address: string, headers: Record<string, string>): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return request;
}

const forwarded = (text: string) => ({ 'x-forwarded-for': text });

const addresses: [
  what: string,
  proxies: number,
  headers: Record<string, string>,
  address: string,
][] = [
  ['without proxies, the connection counts', 0, forwarded('1.1.1.1'), '10.0.0.1'],
  ['behind one proxy, the last entry', 1, forwarded('1.1.1.1'), '1.1.1.1'],
  [
    'behind one proxy, what the client wrote itself does not',
    1,
    forwarded('6.6.6.6, 1.1.1.1'),
    '1.1.1.1',
  ],
  ['behind two proxies, the last but one', 2, forwarded('6.6.6.6, 1.1.1.1, 10.0.0.2'), '1.1.1.1'],
  ['with fewer entries than proxies, the first', 3, forwarded('1.1.1.1, 10.0.0.2'), '1.1.1.1'],
  ['without an entry, the connection', 1, {}, '10.0.0.1'],
  ['an entry that is no address does not', 1, forwarded('1.1.1.1, unknown'), '10.0.0.1'],
  ['an empty entry does not', 1, forwarded('1.1.1.1,'), '10.0.0.1'],
  ['an IPv4 address inside IPv6 is the same address', 1, forwarded('::ffff:1.1.1.1'), '1.1.1.1'],
  ['of IPv6 the first half counts', 1, forwarded('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2'],
  ['in short writing, too', 1, forwarded('2001:db8::1'), '2001:db8:0:0'],
  ['with leading zeros, too', 1, forwarded('2001:0DB8:0000:0000::1'), '2001:db8:0:0'],
  ['in capitals, too', 1, forwarded('2001:DB8:A:B::'), '2001:db8:a:b'],
  ['of the loopback, too', 1, forwarded('::1'), '0:0:0:0'],
  ['a port is no part of it', 1, forwarded('1.1.1.1:5678'), '1.1.1.1'],
  ['nor is it of IPv6', 1, forwarded('[2001:db8::1]:5678'), '2001:db8:0:0'],
  ['brackets alone are none either', 1, forwarded('[2001:db8::1]'), '2001:db8:0:0'],
  ['what is in brackets must be an address', 1, forwarded('[unknown]'), '10.0.0.1'],
  ['a zone is no part of it', 1, forwarded('fe80::1%eth0'), 'fe80:0:0:0'],
];
for (const [what, proxies, headers, address] of addresses) {
  test(`${what}: ${headers['x-forwarded-for'] ?? 'nothing'} is ${address}`, () => {
    assert.equal(peerOf(requestFrom('10.0.0.1', headers), proxies).address, address);
  });
}

test('the connection itself may be IPv6, or IPv4 inside it', () => {
  assert.equal(peerOf(requestFrom('::ffff:127.0.0.1', {}), 0).address, '127.0.0.1');
  assert.equal(peerOf(requestFrom('2001:db8::9', {}), 0).address, '2001:db8:0:0');
});

test('an address that is remembered does not hold on to the header that it came in', () => {
  const kept: string[] = [];
  const before = heapUsed();
  for (let count = 0; count < 1000; count += 1) {
    const header = Buffer.from(`${'x'.repeat(16_000)}, 192.168.100.${count % 250}`).toString();
    kept.push(peerOf(requestFrom('10.0.0.1', forwarded(header)), 1).address);
  }
  const held = heapUsed() - before;
  assert.ok(held < 4_000_000, `${held} bytes for ${kept.length} addresses`);
});

const schemes: [proxies: number, header: string, secure: boolean][] = [
  [0, 'https', false],
  [1, 'https', true],
  [1, 'HTTPS', true],
  [1, 'http', false],
  [1, 'https, http', false],
  [2, 'https, http', true],
  [2, 'https', true],
  [1, '', false],
];
for (const [proxies, header, secure] of schemes) {
  test(`behind ${proxies} proxies «${header}» is ${secure ? '' : 'not '}https`, () => {
    const request = requestFrom('10.0.0.1', { 'x-forwarded-proto': header });
    assert.equal(peerOf(request, proxies).secure, secure);
  });
}

test('a limit is kept by the address that our proxy names, whatever the client adds', async (t) => {
  const { url } = await startApp(t, { config: { trustProxy: 1, checkUnamePerMinute: 1 } });
  const check = async (entries: string) => {
    const headers = { 'X-Forwarded-For': entries };
    return (await fetch(`${url}/check-uname?uname=x`, { headers })).status;
  };
  assert.equal(await check('1.1.1.1'), 400);
  assert.equal(await check('9.9.9.9, 1.1.1.1'), 429);
  assert.equal(await check('2.2.2.2'), 400);
  assert.equal(await check('2001:db8::1'), 400);
  assert.equal(await check('2001:db8::2'), 429);
  assert.equal(await check('2001:db8:0:1::2'), 400);
});

test('without a proxy, X-Forwarded-For wins nobody a limit of their own', async (t) => {
  const { url } = await startApp(t, { config: { checkUnamePerMinute: 1 } });
  const statuses = [];
  for (const address of ['1.1.1.1', '2.2.2.2']) {
    const headers = { 'X-Forwarded-For': address };
    statuses.push((await fetch(`${url}/check-uname?uname=x`, { headers })).status);
  }
  assert.deepEqual(statuses, [400, 429]);
});
