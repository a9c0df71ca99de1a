import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { DatabaseUnavailable } from '../../lib/db/errors.ts';
import { createLocalServer } from '../../lib/db/local-server.ts';
import { findServerProgram } from '../../lib/db/server-program.ts';
import { startApp } from '../support/app.ts';
import { atEnd } from '../support/at-end.ts';
import { noDatabaseProgram } from '../support/database.ts';
import { openPrivate, putData, untilAnswered } from '../support/fault-private.ts';
import { codeOf } from '../support/http.ts';
import { databaseAt, databasesAt, temporaryFolder, until } from '../support/process.ts';

const NOBODY = 65_534;
const notRoot = process.getuid?.() === 0 ? false : 'only root can act as somebody else';
const INSERT = 'INSERT INTO users (uname, upwd, nickname) VALUES (?, ?, ?)';

function local(t: TestContext, folder: string) {
  const server = createLocalServer(folder);
  atEnd(t, () => server.stop(5000));
  return server;
}

describe('the private database', { skip: noDatabaseProgram, concurrency: 2 }, () => {
  test('is closed to other users: its folder, and so its socket', { skip: notRoot }, async (t) => {
    const parent = await temporaryFolder(t);
    await chmod(parent, 0o755);
    const folder = join(parent, 'data');
    await putData(folder);
    await chmod(folder, 0o777);
    const { options } = await local(t, folder).start();
    const { socketPath = '' } = options;
    assert.equal((await stat(dirname(socketPath))).mode & 0o777, 0o700);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, 'db'))).mode & 0o777, 0o700);
    const script = `require('node:net').connect(process.argv[1])
      .on('error', (e) => console.log(e.code))
      .on('connect', () => { console.log('connected'); process.exit(); })`;
    // Not by its path: this Node may lie where that user cannot reach it.
    const knock = (uid: number) =>
      execFileSync('/proc/self/exe', ['-e', script, socketPath], {
        ...{ cwd: '/', encoding: 'utf8', uid },
      });
    assert.equal(knock(NOBODY).trim(), 'EACCES');
    assert.equal(knock(0).trim(), 'connected');
  });

  test('keeps its temporary tables to itself, away from the sweeping of other servers', async (t) => {
    const folder = await temporaryFolder(t);
    await putData(folder);
    const database = openPrivate(t, folder);
    await untilAnswered(database);
    const settings = 'SELECT @@tmpdir AS tmpdir, @@skip_networking AS isApart';
    const [row] = await database.select(settings, []);
    assert.equal(row?.tmpdir, join(folder, 'db'));
    assert.equal(row?.isApart, 1, 'nobody reaches it over the network');
  });

  test('is not made in a folder of another user', { skip: notRoot }, async (t) => {
    const folder = await temporaryFolder(t);
    await chown(folder, NOBODY, NOBODY);
    await assert.rejects(
      local(t, folder).start(),
      /must be a folder of yours .* belongs to another user/,
    );
    assert.deepEqual(await readdir(folder), []);
  });

  test('that is killed is started again by the next query, and has lost nothing', async (t) => {
    const folder = await temporaryFolder(t);
    await putData(folder);
    const database = openPrivate(t, folder);
    await untilAnswered(database);
    for (const round of ['first', 'second']) {
      const id = await database.insert(INSERT, [`kept-${round}`, '!', 'x']);
      const pid = await databaseAt(folder);
      process.kill(pid, 'SIGKILL');
      await untilAnswered(database);
      const rows = await database.select('SELECT id FROM users WHERE uname = ?', [`kept-${round}`]);
      assert.deepEqual(rows, [{ id }], round);
      assert.equal((await databasesAt(folder)).length, 1);
    }
    await database.close();
    assert.deepEqual(await databasesAt(folder), []);
  });

  test('is one, when two ask for it at once in a new folder', async (t) => {
    const folder = await temporaryFolder(t);
    const [one, two] = [openPrivate(t, folder), openPrivate(t, folder)];
    await Promise.all([untilAnswered(one), untilAnswered(two)]);
    await until('the other to give up', async () => (await databasesAt(folder)).length === 1);
    for (const { lines } of [one, two]) {
      // On a slow machine one may have given up for a moment in between.
      assert.match(lines.at(-1) ?? '', /^database ready /, lines.join('\n'));
    }
    await one.close();
    await untilAnswered(two); // which has started it again
    await two.close();
    assert.deepEqual(await databasesAt(folder), []);
  });

  test('that is stopped while it is made for the first time is gone when the stop is over', async (t) => {
    for (let time = 1; time <= 5; time += 1) {
      const folder = await temporaryFolder(t);
      const server = local(t, folder);
      const starting = assert.rejects(server.start());
      await until('the program', async () => (await databasesAt(folder)).length > 0);
      await server.stop(60_000); // half of it for what is under way, on a busy machine
      assert.deepEqual(await databasesAt(folder), [], `try ${time}`);
      assert.deepEqual(await readdir(folder), [], 'nothing half-made is left');
      await starting;
    }
  });

  test('is left alone by one that never asked for it', async (t) => {
    const folder = await temporaryFolder(t);
    await putData(folder);
    const database = local(t, folder);
    await database.start();
    await local(t, folder).stop(1000);
    assert.equal((await databasesAt(folder)).length, 1);
  });

  test('is started anew when its socket is gone', async (t) => {
    const folder = await temporaryFolder(t);
    await putData(folder);
    const server = local(t, folder);
    const { options } = await server.start();
    const before = await databasesAt(folder);
    await rm(String(options.socketPath));
    await server.start();
    const after = await databasesAt(folder);
    assert.equal(after.length, 1);
    assert.notDeepEqual(after, before);
  });

  test('stops in time even when it is itself stopped', async (t) => {
    const folder = await temporaryFolder(t);
    await putData(folder);
    const database = openPrivate(t, folder);
    await untilAnswered(database);
    const pid = await databaseAt(folder);
    process.kill(pid, 'SIGSTOP');
    const begin = performance.now();
    await database.close(1500);
    assert.ok(performance.now() - begin < 15_000, 'the wait is bounded');
    assert.deepEqual(await databasesAt(folder), []);
  });

  test('that is made for the first time is waited for; afterwards nobody waits for long', async (t) => {
    const folder = await temporaryFolder(t);
    const programs = await slowProgram(folder);
    const database = openPrivate(t, join(folder, 'data'), programs);
    const rows = await database.select('SELECT COUNT(*) AS n FROM users', []);
    assert.deepEqual(rows, [{ n: 4 }]);
    await database.close();
    const again = openPrivate(t, join(folder, 'data'), programs);
    await assert.rejects(again.select('SELECT 1', []), DatabaseUnavailable);
    await untilAnswered(again);
  });

  test('works in a folder with blanks and any letters in its path', async (t) => {
    const folder = join(await temporaryFolder(t), 'a b – 数据');
    const database = openPrivate(t, folder);
    await untilAnswered(database);
    assert.equal((await database.select('SELECT 1 FROM users', [])).length, 4);
  });
});

test('without a database program, one line says how to get one, and the rest works', async (t) => {
  const database = openPrivate(t, await temporaryFolder(t), []);
  const { url } = await startApp(t, { database });
  for (const path of ['/check-uname?uname=admin', '/readyz', '/check-uname?uname=admin']) {
    const response = await fetch(url + path);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(await codeOf(response), 'database_unavailable');
  }
  for (const path of ['/', '/session', '/healthz', '/01-server?name=x']) {
    assert.equal((await fetch(url + path)).status, 200, path);
  }
  assert.equal(database.lines.length, 1, database.lines.join('\n'));
  const how = /^database not available: get a database with: .+, or set DATABASE_URL$/;
  assert.match(String(database.lines), how);
});

test('without a folder to write in, one line says so', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  const database = openPrivate(t, join(file, 'data'));
  await assert.rejects(database.select('SELECT 1', []), DatabaseUnavailable);
  const line = 'must be a folder of yours to write in, or set DATABASE_URL: ENOTDIR';
  assert.equal(database.lines.length, 1);
  assert.ok(database.lines[0]?.startsWith(`database not available: ${file}/data ${line}`));
  await database.close(); // where nothing began, nothing goes wrong at the end
});

test('where a part of the vendor’s tool is missing, the line says how to get it', async (t) => {
  const folder = await temporaryFolder(t);
  const complaint = 'FATAL ERROR: Could not find /usr/bin/my_print_defaults';
  for (const [name, script] of [
    ['mariadbd', 'exit 1'],
    ['mariadb-install-db', `echo "${complaint}"; exit 1`],
  ] as const) {
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const database = openPrivate(t, join(folder, 'data'), [join(folder, 'bin')]);
  await assert.rejects(database.select('SELECT 1', []));
  const [line = ''] = database.lines;
  assert.ok(line.includes(`mariadb-install-db failed: ${complaint}; get a database with: `), line);
});

test('a database program that fails is quoted in one line', async (t) => {
  const folder = await temporaryFolder(t);
  const script = [
    '#!/bin/sh',
    'printf "[Note] hello\\n[ERROR] no space left\\n[ERROR] Aborting\\n" >&2; exit 1',
  ];
  await writeFile(join(folder, 'mysqld'), script.join('\n'), { mode: 0o755 });
  const database = openPrivate(t, join(folder, 'data'), [folder]);
  await assert.rejects(database.select('SELECT 1', []));
  assert.match(String(database.lines), /not available: .*mysqld failed: \[ERROR\] no space left$/);
  const names = (await readdir(join(folder, 'data'))).filter((name) => name.startsWith('db'));
  assert.deepEqual(names, [], 'nothing half-made is left');
});

/**
 * The database's program, which takes longer than a query waits: to make a data folder, and to
 * serve it. @returns where to look for it
 */
async function slowProgram(folder: string): Promise<string[]> {
  const program = await findServerProgram();
  await mkdir(join(folder, 'bin'));
  await symlink(join(program, '../../share'), join(folder, 'share'));
  const script = `#!/bin/sh\nsleep 2\nexec ${program} "$@"\n`;
  await writeFile(join(folder, 'bin', basename(program)), script, { mode: 0o755 });
  return [join(folder, 'bin')];
}
