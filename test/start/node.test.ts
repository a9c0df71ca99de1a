/**
 * Which Node runs it, and how npm hands it on. An older Node is played by a module that changes
 * what this one says of itself.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));
const { engines, scripts }: { engines: { node: string }; scripts: Record<string, string> } =
  read('package.json');

/** Runs the check as that version would. */
function check(version: string) {
  const said = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(said)}`];
  return spawnSync(process.execPath, [...args, 'lib/node-version.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

for (const version of ['8.17.0', '12.22.9', '18.20.8', '20.9.0', '20.19.1']) {
  test(`Node ${version} is told in one line which Node is needed, and how to get one`, () => {
    const { status, stdout, stderr } = check(version);
    const needed = engines.node.replace('>=', '');
    assert.match(stderr, /^[^\n]+https:[^\n]+\n$/);
    assert.ok(stderr.startsWith(`Node ${needed} or newer is needed, and this is ${version}: `));
    assert.deepEqual([status, stdout], [1, '']);
  });
}

for (const version of ['20.19.2', '20.20.0', '22.0.0', '100.0.0']) {
  test(`Node ${version} is let through without a word`, () => {
    const { status, stdout, stderr } = check(version);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });
}

test('npm start and npm test check the Node first', () => {
  for (const name of ['start', 'test']) {
    assert.ok(scripts[name]?.startsWith('node lib/node-version.mjs && '), name);
  }
});

test('the last command of a script replaces its shell, so that a signal to npm reaches node', () => {
  const ours = Object.entries(scripts).filter(([, script]) => script.includes('node '));
  assert.ok(ours.length > 8, `only ${ours.length} scripts were found`);
  assert.deepEqual(
    ours.filter(([, script]) => !/(?:^|&& )exec (?:env (?:\w+=\w+ )+)?node [^&]+$/.test(script)),
    [],
  );
});

test('npm ci in production installs all that a start on Node 20 needs', () => {
  const { packages }: { packages: Record<string, { dev?: boolean }> } = read('package-lock.json');
  for (const name of ['cookie', 'mysql2', 'tsx', 'esbuild', '@esbuild/linux-x64']) {
    assert.equal(packages[`node_modules/${name}`]?.dev, undefined, name);
  }
  assert.equal(packages['node_modules/typescript']?.dev, true);
});
