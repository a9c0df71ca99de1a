/** The command: what it prints, and its exit codes. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkAll } from './adapters/all.ts';
import { FAULTS } from './planted/faults.ts';
import { Layer } from './planted/layer.ts';
import { serve } from './planted/server.ts';
import { readArguments } from './settings.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const COMMAND = ['--import', here('../../../lib/typescript.mjs'), here('run.ts')];

/** Runs `npm run check:session` with these arguments. */
function run(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [...COMMAND, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

function planted(id: string): Layer {
  const { Planted = Layer } = FAULTS.find(({ found }) => found === id) ?? {};
  return new Planted({});
}

describe('npm run check:session', { concurrency: 4 }, () => {
  test('prints a line for each sentence that holds, under its heading, and ends with 0', async (t) => {
    const url = await serve(t, new Layer());
    const { code, stdout } = await run(url, '--only', 'login-renews,logout-ends');
    assert.equal(
      stdout,
      `${url}/: the cookie visitor, which holds an id\n` +
        '\nLogin\n✓ MUST   a login gives a new id\n' +
        '\nLogout\n✓ MUST   a logout ends the session on the server: the old cookie is dead\n' +
        '\n2 hold, 0 MUST and 0 SHOULD do not.\n',
    );
    assert.equal(code, 0);
  });

  test('says for a MUST that does not hold what was seen, why, and where to look; ends with 1', async (t) => {
    const url = await serve(t, planted('cookie-httponly'));
    const { code, stdout } = await run(url, '--only', 'cookie-httponly');
    assert.match(
      stdout,
      /✗ MUST {3}the cookie is HttpOnly\n {4}seen: {4}visitor=.+\n {4}why: {5}.+\n {4}look at: .+\n {4}source: {2}OWASP ASVS 5\.0, 3\.3\.4/,
    );
    assert.equal(code, 1);
  });

  test('ends with 0 where only a SHOULD does not hold', async (t) => {
    const url = await serve(t, planted('cookie-samesite'));
    const { code, stdout } = await run(url, '--only', 'cookie-samesite');
    assert.match(stdout, /\n0 hold, 0 MUST and 1 SHOULD do not\.\n$/);
    assert.equal(code, 0);
  });

  test('says why it could not look at something', async (t) => {
    const { stdout } = await run(await serve(t, new Layer()), '--only', 'cookie-secure');
    assert.match(stdout, /– MUST {3}over https the cookie is Secure \(--https is not given\)\n/);
    assert.match(stdout, /; 1 were not looked at\.\n$/);
  });

  test('prints verdicts for a program with --json', async (t) => {
    const url = await serve(t, planted('cookie-samesite'));
    const { stdout } = await run(url, '--json', '--only', 'cookie-httponly,cookie-samesite');
    const states = JSON.parse(stdout).map(({ id, state }: Record<string, string>) => [id, state]);
    assert.deepEqual(states, [
      ['cookie-httponly', 'passed'],
      ['cookie-samesite', 'failed'],
    ]);
  });

  test('ends with 2 where there is nothing to look at, and says why', async (t) => {
    const url = await serve(t, new Layer());
    const cases: [args: string[], said: RegExp][] = [
      [[url, '--only', 'nonsense'], /^no check is called nonsense\n$/],
      [[`${url}/elsewhere`], /^POST \/set is answered 404\n$/],
      [['http://127.0.0.1:1'], /^It does not answer: /],
      [[], /^an address is needed.+\nnpm run check:session -- URL/],
    ];
    await Promise.all(
      cases.map(async ([args, said]) => {
        const { code, stdout, stderr } = await run(...args);
        assert.match(stderr, said);
        assert.equal(stdout, '');
        assert.equal(code, 2);
      }),
    );
  });
});

test('arguments that say nothing sensible are refused', async () => {
  const cases: [args: string[], said: RegExp][] = [
    [[], /^an address is needed/],
    [['ftp://127.0.0.1'], /^an address is needed/],
    [['http://127.0.0.1', 'http://127.0.0.2'], /^an address is needed/],
    [['http://127.0.0.1', '--max', '6'], /^--max needs --idle/],
    [['http://127.0.0.1', '--idle', '0'], /^--idle 0: /],
    [['http://127.0.0.1', '--nonsense'], /nonsense/],
    [['--all', 'http://127.0.0.1'], /^--all takes no address/],
  ];
  for (const [args, message] of cases)
    assert.throws(() => readArguments(args), { name: 'BadArguments', message }, args.join(' '));
  await assert.rejects(
    checkAll(['nonsense'], false),
    /^BadArguments: no adapter is called nonsense/,
  );
});
