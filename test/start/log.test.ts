/** What the log writes, and what it never does. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createLog, type Log } from '../../lib/log.ts';
import { atEnd } from '../support/at-end.ts';

/** What a log writes while `use` is at work with it. */
function written(t: TestContext, use: (log: Log) => void, isRequestLogged = true): string {
  let text = '';
  for (const stream of [process.stdout, process.stderr]) {
    t.mock.method(stream, 'write', (line: string) => {
      text += line;
      return true;
    });
  }
  try {
    use(createLog(isRequestLogged));
  } finally {
    t.mock.restoreAll();
  }
  return text;
}

test('the log says what was asked and answered, without the query', (t) => {
  const entry = { method: 'GET', status: 200, ms: 1.26, requestId: 'a-1' };
  const line = (url: string) => written(t, (log) => log.request({ ...entry, url }));
  assert.equal(line('/check-uname?uname=secret'), 'GET /check-uname 200 1.3ms a-1\n');
  assert.equal(line('/a\x1b[31m\u0085b'), 'GET /a [31m b 200 1.3ms a-1\n');
  assert.equal(line(`/${'x'.repeat(9000)}`).length, 200 + 'GET  200 1.3ms a-1\n'.length);
});

test('the log says a warning once, and no request at all where that is not wanted', (t) => {
  const use = (log: Log) => {
    for (const line of ['one', 'two', 'one']) log.warnOnce(line);
    log.request({ method: 'GET', url: '/', status: 200, ms: 1, requestId: 'a-1' });
  };
  assert.equal(written(t, use, false), 'one\ntwo\n');
});

test('a reader of the log who has stopped reading does not make it grow', async (t) => {
  const script = `
    import { createLog } from '${new URL('../../lib/log.ts', import.meta.url)}';
    import { setImmediate as nextTurn } from 'node:timers/promises';
    const entry = { method: 'GET', url: '/' + 'x'.repeat(150), status: 200, ms: 1, requestId: 'a' };
    const log = createLog(true);
    for (let count = 0; count < 20_000; count += 1) {
      log.request(entry);
      if (count % 100 === 0) await nextTurn();
    }
    process.stderr.write('held ' + process.stdout.writableLength);
    process.exit();`;
  const args = ['--import', './lib/typescript.mjs', '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { cwd: new URL('../..', import.meta.url) });
  atEnd(t, () => child.kill('SIGKILL'));
  const [, held] = /held (\d+)/.exec(await text(child.stderr)) ?? [];
  assert.ok(Number(held) < 1_200_000, `${held} bytes`);
});

test('the log writes an error whole, whatever was thrown, and moves no cursor', (t) => {
  const error = (thrown: unknown) => written(t, (log) => log.error('request a-1', thrown));
  assert.match(error(new Error('why')), /^request a-1: Error: why\n +at .*start\/log\.test\.ts/);
  assert.match(error(new Error('why', { cause: new Error('because') })), /Error: because/);
  for (const thrown of ['text', undefined, null, Object.create(null), Symbol('s'), { a: 1 }]) {
    assert.match(error(thrown), /^request a-1: .+\n$/);
  }
  assert.ok(!error(new Error('\x1b[2J')).includes('\x1b'));
});
