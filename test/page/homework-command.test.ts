import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noBrowser, openPage } from '../support/browser.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import {
  editedHomework,
  homeworkWith,
  MISTAKES,
  rightHomework,
} from '../support/homework/mistakes.ts';
import { temporaryFolder } from '../support/process.ts';

const COMMAND = fileURLToPath(new URL('../check/homework/run.ts', import.meta.url));
const NODE = Reflect.get(process.features, 'typescript') ? [] : ['--import', 'tsx'];

const TLS = (name: string) => fileURLToPath(new URL(`../support/tls/${name}`, import.meta.url));
/** Of this machine, but not the loopback, to which browsers use no proxy. */
const ADDRESS = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

async function listen(t: TestContext, server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return port;
}

/** Runs `npm run homework -- …` to its end, on a machine that has other things to do. */
function homework(...args: string[]): Promise<{ code: unknown; said: string }> {
  return homeworkIn({}, ...args);
}

function homeworkIn(
  variables: NodeJS.Dict<string>,
  ...args: string[]
): Promise<{ code: unknown; said: string }> {
  // Ours may be run by the test runner.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, ...variables };
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

  test('names the keys where a page asks at them, and the answers where hints do not differ', async (t) => {
    const keyup = MISTAKES.find(({ what }) => what === 'asks at keyup instead');
    assert.ok(keyup);
    const [atKeys, same] = await Promise.all([
      homework(await homeworkWith(t, keyup), '--lang', 'en'),
      homework(await mistaken(t, 'different'), '--lang', 'en'),
    ]);
    assert.match(
      atKeys.said,
      /seen: {4}The page asks at the keys \(keyup, .*: 5 requests while “admin”/,
    );
    assert.match(same.said, /answered 200 \{"taken":true\} and 200 \{"taken":false\}\./);
  });

  test('finds the box by the text before it, in the line or in a table', async (t) => {
    const label = '<label for="uname">User name</label>';
    const box = '<input id="uname" name="uname" autocomplete="username">';
    const others = [
      'User name: <input id="t1" name="t1">',
      '<table><tr><td>User name<td><input id="t1" name="t1"></table>',
    ];
    for (const other of others) {
      const url = await editedHomework(t, 'has no name for its box', [
        [`${label}\n    ${box}`, `<input id="t0" name="t0">${other}`],
        ["getElementById('uname')", "getElementById('t1')"],
      ]);
      const { said } = await homework(url, '--json', '--lang', 'en');
      const results: { id: string; state: string }[] = JSON.parse(said);
      const failed = results.filter(({ state }) => state !== 'passed').map(({ id }) => id);
      assert.deepEqual(failed, ['label'], said);
    }
  });

  test('says where the address led, when nothing happens there', async (t) => {
    const url = await editedHomework(t, 'leads to another page', [
      [
        "if (pathname === '/') {",
        "if (pathname === '/') response.writeHead(302, { Location: '/login' }).end();\n      else if (pathname === '/login') {",
      ],
      ['box.onblur = check;', ''],
    ]);
    const { code, said } = await homework(url, '--lang', 'en');
    assert.match(said, /The address led to http:\S+\/login: is that the page/);
    assert.equal(code, 1);
  });

  test('finds the box and the taken name that it is told of', async (t) => {
    const page = await mistaken(t, 'box');
    const { said } = await homework(page, '--box', '[name=upwd]', '--taken', 'x', '--lang', 'en');
    assert.match(said, /After “x” was left/);
  });

  test('looks at a class, and writes a table, a page with pictures for each, and JSON', async (t) => {
    const folder = await temporaryFolder(t);
    const list = join(folder, 'class.txt');
    const [right, wrong] = await Promise.all([rightHomework(t), mistaken(t, 'hint')]);
    const lines = [
      '# a comment',
      `Ada ${right}`,
      `张 三, ${wrong.slice(7)}`,
      'Bob 127.0.0.1:59999',
    ];
    await writeFile(list, `${lines.join('\n')}\n`);
    const out = join(folder, 'report');
    const { code, said } = await homework('--list', list, '--out', out, '--lang', 'en');
    assert.match(said, /^Ada: 7\/7, 13\/13\n张 三: 2\/7, 2\/13\nBob: Nobody answers at .*\n$/);
    assert.equal(code, 1);
    const report: { name: string; trouble?: string; checks: { id: string; state: string }[] }[] =
      JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
    assert.deepEqual(
      report.map(({ name, checks }) => [
        name,
        checks.filter(({ state }) => state === 'failed')[0]?.id,
      ]),
      [
        ['Ada', undefined],
        ['张 三', 'hint'],
        ['Bob', undefined],
      ],
    );
    const files = (await readdir(out)).sort();
    assert.deepEqual(files, [
      '1-Ada.html',
      '2-张-三-hint.png',
      '2-张-三.html',
      '3-Bob.html',
      'index.html',
      'report.json',
    ]);
    const { page } = await openPage(t, pathToFileURL(join(out, 'index.html')).href);
    assert.deepEqual(await page.locator('tr td:nth-child(2)').allTextContents(), [
      '7/7',
      '2/7',
      report[2]?.trouble,
    ]);
    await page.getByRole('link', { name: '张 三' }).click();
    const picture = page.locator('img');
    await picture.evaluate((image: HTMLImageElement) => image.decode());
    assert.equal(await picture.count(), 1);
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
    ['a list that is not there', ['--list', '/nowhere/class.txt'], /ENOENT.*\nnpm run homework/s],
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

  test('says that a certificate is not trusted, exit 2', async (t) => {
    const [key, cert] = await Promise.all([
      readFile(TLS('server.key')),
      readFile(TLS('localhost.crt')),
    ]);
    const server = createServer({ key, cert }, (_, response) => response.end('<input name=uname>'));
    const port = await listen(t, server, '127.0.0.1');
    const { code, said } = await homework(`https://127.0.0.1:${port}`, '--lang', 'en');
    assert.match(said, /^The certificate of 127\.0\.0\.1:\d+ is not trusted \(\w+\)\./);
    assert.equal(code, 2);
  });

  test('says that a proxy is in the way, exit 2', { skip: !ADDRESS && 'no network' }, async (t) => {
    const server = createPlainServer((_, response) => response.end('<input name=uname>'));
    const url = `http://${ADDRESS}:${await listen(t, server, '0.0.0.0')}`;
    const proxy = { http_proxy: 'http://127.0.0.1:1', no_proxy: '', NODE_USE_ENV_PROXY: undefined };
    const { code, said } = await homeworkIn(proxy, url, '--lang', 'en');
    assert.match(
      said,
      /^A proxy stands between the browser and .* \(ERR_PROXY_CONNECTION_FAILED\)/,
    );
    assert.equal(code, 2);
  });

  test('says that there is no page at the path, exit 2', async (t) => {
    const { code, said } = await homework(await rightHomework(t), '--page', '/x', '--lang', 'en');
    assert.match(said, /\/x answers 404\. .*--page PATH/);
    assert.equal(code, 2);
  });
});
