/**
 * A server with a fault planted in it: the checker names that fault, and no other. All checks on each
 * fault take two minutes, so that they have a command of their own; `npm test` makes on each fault
 * the checks that must find it.
 */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { atEnd } from '../../support/at-end.ts';
import { inspect, meet, type Result } from './inspection.ts';
import { FAULTS, type Fault } from './planted/faults.ts';
import { plantedServer } from './planted/server.ts';
import { readAddress, readArguments } from './settings.ts';

/** All checks on each fault: `npm run test:check`. */
const isThorough = process.env.CHECK === '1';
const PIECES = /^pieces-/;
/** More than that server waits. */
const WAIT = '5';

async function complaints(t: TestContext, fault?: Fault, ...args: string[]): Promise<Result[]> {
  const server = plantedServer(fault);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const { options } = readArguments(['--post', '/form', ...args]);
  const settings = { ...options, url: readAddress(`127.0.0.1:${port}`) };
  const results = await inspect(await meet(settings), settings);
  return results.filter(({ verdict }) => verdict !== 'pass');
}

// Most of the time is waiting, so they wait together.
describe('the checker of HTTP servers', { concurrency: isThorough ? 3 : 60 }, () => {
  test('has nothing to say against a right one', async (t) => {
    const found = await complaints(t, undefined, '--wait', WAIT);
    assert.deepEqual(
      found.map(({ check, seen }) => `${check.id}: ${seen}`),
      [],
    );
  });

  for (const [name, ids] of Object.entries(FAULTS)) {
    const fault = name as Fault; // a key of it
    const isLong = fault === 'waits for ever';
    test(`finds one that ${fault}, and complains of nothing else`, async (t) => {
      const only = isThorough && !isLong ? [] : ['--only', ids.join()];
      const options = [...only, '--wait', isLong ? WAIT : '0'];
      const found = await complaints(t, fault, ...options);
      const isShown = ({ check }: Result) => isLong || !check.isLong;
      const wanted = new Set<string>(ids);
      const seen = new Set(found.filter(isShown).map(({ check }) => check.id));
      if (fault === 'wants a request in one piece')
        for (const id of seen) if (PIECES.test(id)) wanted.add(id);
      assert.deepEqual(seen, wanted);
    });
  }
});
