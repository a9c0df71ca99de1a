/**
 * The server of a right homework, as small as it can be: its table is a Map.
 */
import { randomBytes, scryptSync } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** @param {string} page the HTML of the page with the box */
export function createHomework(page) {
  const users = new Map([['admin', '']]);
  const isTaken = (/** @type {string} */ uname) => users.has(uname);

  function keep(/** @type {string} */ upwd) {
    const salt = randomBytes(16);
    return salt.toString('hex') + scryptSync(upwd, salt, 32, { N: 2 }).toString('hex');
  }

  return createServer(async (request, response) => {
    const answer = (/** @type {number} */ status, /** @type {unknown} */ data) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(data));
    };
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    try {
      if (pathname === '/') {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
      } else if (pathname === '/check') {
        const isPosted = request.method === 'POST';
        const uname = isPosted ? JSON.parse(await text(request)).uname : searchParams.get('uname');
        answer(200, { taken: isTaken(uname) });
      } else if (pathname === '/users') {
        answer(200, [...users.keys()]);
      } else if (pathname === '/register') {
        const form = new URLSearchParams(await text(request));
        const uname = form.get('uname') ?? '';
        const upwd = form.get('upwd') ?? '';
        if (isTaken(uname)) return answer(409, { error: 'taken' });
        users.set(uname, keep(upwd));
        answer(201, { uname });
      } else {
        answer(404, {});
      }
    } catch {
      answer(500, {});
    }
  });
}
