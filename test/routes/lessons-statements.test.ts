/**
 * With LAB on, a response says what the database was asked for it: the drawing shows it, and so do the
 * developer tools.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.ts';
import { noDatabaseProgram, testDatabase } from '../support/database.ts';
import { sendForm } from '../support/http.ts';

const timing = (response: Response) => response.headers.get('server-timing');
const USER = { uname: 'timed-user', upwd: 'correct horse', nickname: 'Tim' };
const INSERT = 'INSERT INTO users (uname, upwd, nickname) VALUES (?, ?, ?)';

describe('Server-Timing', { skip: noDatabaseProgram }, () => {
  test('has the statements, without their values, and what came of them', async (t) => {
    const { url } = await startApp(t, { database: await testDatabase() });
    assert.match(
      timing(await fetch(`${url}/check-uname?uname=admin`)) ?? '',
      /^db;desc="SELECT uname FROM users WHERE uname IN \(\?\) -- rows: 1"$/,
    );
    const suggested = timing(await fetch(`${url}/suggest?q=sess`)) ?? '';
    assert.match(suggested, /^db;desc="SELECT term, [^"\n]+ LIMIT 8 -- rows: 4"$/);
    const register = () => sendForm(`${url}/register`, USER);
    assert.equal(timing(await register()), `db;desc="${INSERT} -- rows: 1"`);
    const again = await register();
    assert.equal(again.status, 409);
    assert.equal(timing(again), `db;desc="${INSERT} -- duplicate key"`);
  });

  test('is not there where nothing was asked, nor with LAB off', async (t) => {
    const database = await testDatabase();
    const { url } = await startApp(t, { database });
    assert.equal(timing(await fetch(`${url}/01-server`)), null);
    assert.equal(timing(await fetch(`${url}/check-uname?uname=x`)), null);
    const { url: plain } = await startApp(t, { database, config: { lab: false } });
    const response = await fetch(`${plain}/check-uname?uname=admin`);
    assert.equal(response.status, 200);
    assert.equal(timing(response), null);
  });
});
