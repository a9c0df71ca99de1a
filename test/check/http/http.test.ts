/** The checker of HTTP servers: what it says of this server, and of one with a fault planted in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../../support/app.ts';
import { inspect, meet } from './inspection.ts';
import { readAddress, readArguments } from './settings.ts';

const OLDER = 'Node 20 refuses a tab behind Content-Length, Node 24 does not';
/** By Node's parser, before this server sees the request: it answers at once, in one fixed line. */
const BY_PARSER: Readonly<Record<string, string>> = {
  'version-1.2': 'HTTP/1.2 is unknown to it',
  'method-unknown': 'its methods are a list, and all others 400',
  'method-long': 'its methods are a list, and all others 400',
  'length-blanks': OLDER,
  close: 'its error comes before the response to the request in front',
  'close-capitals': 'the same',
  'close-list': 'the same',
  'close-lines': 'the same',
  'close-old': 'the same',
  'close-post': 'the same',
  'order-refused': 'the same',
  'date-broken': 'its error has no Date',
  'target-long': 'its error for a head that is too large is 431, wherever it is too large',
};

test('this server does what it must and should, but for what the parser does', async (t) => {
  const { url } = await startApp(t);
  const { options } = readArguments(['--post', '/02-server', '--wait', '0', '--parallel', '40']);
  const settings = { ...options, url: readAddress(url) };
  const results = await inspect(await meet(settings), settings);
  assert.ok(results.length > 250, `${results.length} checks`);
  const failed = results.filter(({ verdict }) => verdict === 'fail');
  const known = Object.keys(BY_PARSER);
  assert.deepEqual(
    failed.flatMap(({ check, seen }) => (known.includes(check.id) ? [] : [`${check.id}: ${seen}`])),
    [],
  );
  const isFailed = (id: string) => failed.some(({ check }) => check.id === id);
  const mended = known.filter((id) => !isFailed(id) && BY_PARSER[id] !== OLDER);
  assert.deepEqual(mended, [], 'these hold now: take them off the list');
});
