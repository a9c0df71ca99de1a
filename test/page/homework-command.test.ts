import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startApp } from '../support/app.ts';
import { noBrowser } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { homeworkWith, MISTAKES, rightHomework } from '../support/homework/mistakes.ts';

const COMMAND = fileURLToPath(new URL('../check/homework/run.ts', import.meta.url));
const NODE = Reflect.get(process.features, 'typescript') ? [] : ['--import', 'tsx'];

/** Runs `npm run homework -- …` to its end, on a machine that has other things to do. */
function homework(...args: string[]): Promise<{ code: unknown; said: string }> {
  // Ours may be run by the test runner.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...NODE, COMMAND, '--slow', '3', ...args],
      { env },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    );
  });
}

/** The right homework with the mistake that this check finds. */
function mistaken(t: TestContext, check: string): Promise<string> {
  const mistake = MISTAKES.find(({ found }) => found === check);
  assert.ok(mistake);
  return homeworkWith(t, mistake);
}

describe('npm run homework', { skip: noBrowser, concurrency: 3 }, () => {
  test('says that all is well, exit 0, and has written nothing', async (t) => {
    const url = await rightHomework(t);
    const { code, said } = await homework(url, '--lang', 'en');
    assert.match(
      said,
      /^What the homework asks for \(7\/7\)\n(✓ .+\n)+\nWhat makes it better \(13\/13\)\n(✓ .+\n)+\nAll 20 checks hold\.\n$/,
    );
    assert.equal(code, 0);
    assert.deepEqual(await (await fetch(`${url}/users`)).json(), ['admin']);
  });

  test('has nothing to say against this project’s own page', {
    skip: noDatabaseProgram,
  }, async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    const page = ['--page', '/?part=form#solution', '--register'];
    const { code, said } = await homework(url, '--lang', 'en', ...page);
    assert.equal(code, 0, said);
  });

  test('says what was seen, why it matters and what to look at, in Chinese, exit 1', async (t) => {
    const { code, said } = await homework(await mistaken(t, 'hint'), '--lang', 'zh');
    assert.match(
      said,
      /^✗ 填入已存在的用户名.*\n {4}看到：填入“admin”.*\n {4}原因：.+\n {4}检查：.+\n/m,
    );
    assert.equal(said.match(/^– 因上面的问题，没有检查：/gm)?.length, 2, 'a line for each group');
    assert.match(said, /^– 因上面的问题.*用户名没有改动/m);
    assert.match(said, /^作业要求 \(2\/7\)$/m);
    assert.match(said, /\d+ 项通过，1 项未通过，\d+ 项暂时无法检查。\n$/);
    assert.equal(code, 1);
  });

  test('says what there is where a page has no box, exit 2', async (t) => {
    const { code, said } = await homework(await mistaken(t, 'box'), '--lang', 'en');
    assert.match(said, /^The page shows no user-name box.*\n$/);
    assert.equal(code, 2);
  });

  test('takes an address without its scheme for http, and gives JSON', async (t) => {
    const address = (await mistaken(t, 'different')).replace('http://', '');
    const { code, said } = await homework(address, '--json', '--lang', 'en');
    const results: { id: string; group: string; state: string; seen?: string }[] = JSON.parse(said);
    assert.equal(results.length, 20);
    const failed = results.filter(({ state }) => state === 'failed');
    assert.deepEqual(
      failed.map(({ id, group }) => [id, group]),
      [['different', 'asked']],
    );
    assert.equal(code, 1);
  });

  test('finds the box and the taken name that it is told of', async (t) => {
    const page = await mistaken(t, 'box');
    const { said } = await homework(page, '--box', '[name=upwd]', '--taken', 'x', '--lang', 'en');
    assert.match(said, /After “x” was left/);
  });

  const unusable: [why: string, args: string[], said: RegExp][] = [
    ['no address', [], /^\n?npm run homework -- ADDRESS/],
    ['no address in Chinese', ['--lang', 'zh'], /^\n?npm run homework -- 地址/],
    [
      'an option that there is not',
      ['http://127.0.0.1:1', '--boxx'],
      /--boxx.*\nnpm run homework/s,
    ],
    [
      'a number of times that is none',
      ['http://127.0.0.1:1', '--slow', 'very'],
      /--slow very.*\nnpm run homework/s,
    ],
    ['a port that browsers refuse', ['127.0.0.1:6000'], /^Browsers refuse port 6000/],
    ['another scheme', ['ftp://127.0.0.1'], /^ftp:\/\/127\.0\.0\.1: http/],
    [
      'an address where nobody answers',
      ['127.0.0.1:59999'],
      /^Nobody answers at http:\S+ \(ECONNREFUSED\)\. .*\n$/,
    ],
  ];
  for (const [why, args, expected] of unusable)
    test(`says what is needed when there is ${why}, exit 2`, async () => {
      const { code, said } = await homework(...args, '--lang', 'en');
      assert.match(said, expected);
      assert.equal(code, 2);
    });

  test('says that there is no page at the path, exit 2', async (t) => {
    const { code, said } = await homework(await rightHomework(t), '--page', '/x', '--lang', 'en');
    assert.match(said, /\/x answers 404\. .*--page PATH/);
    assert.equal(code, 2);
  });
});
