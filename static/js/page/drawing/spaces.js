// @ts-check
/*
 * What the drawing knows of the server's map of sessions: what the answers have said of it. The map
 * itself is on the server, and no script can look into it.
 */
import { jsonOf } from '../../lib/failure.js';

/** @typedef {import('../../lib/traffic.js').Exchange} Exchange */
/** @typedef {import('../../lib/traffic.js').Answer} Answer */
/** @typedef {Record<string, string>} Space */

export function createSpaces() {
  /** This browser's; `null` for none, `undefined` while nothing is known. @type {Space | null | undefined} */
  let mine;
  /** The last one that was made for another browser. @type {Space | undefined} */
  let another;

  /**
   * @param {Exchange} exchange
   * @param {Answer} answer
   */
  function learn({ method, url, isAnother }, { status, body }) {
    const { pathname } = new URL(url, location.href);
    const key = decodeURIComponent(pathname.replace('/session/', ''));
    const isKey = pathname.startsWith('/session/');
    const answer = jsonOf(body);
    if (method === 'PUT' && isKey && (status === 200 || status === 201) && answer) {
      const entry = { [key]: String(answer.value) };
      // Another browser has brought no cookie, so each time it is given a new space.
      if (isAnother) another = entry;
      else mine = { ...mine, ...entry };
    } else if (method === 'DELETE' && isKey && status === 204 && mine) {
      const { [key]: _, ...others } = mine;
      mine = others;
    } else if (pathname === '/session' && status === 200 && answer && !isAnother) {
      const { exists, user, data } = answer;
      mine = exists ? { ...(user && { user: user.uname }), ...data } : null;
    } else if (pathname === '/login' && status === 200 && answer) {
      mine = { ...mine, user: answer.uname };
    } else if (pathname === '/logout' && status === 204) {
      mine = null;
    }
  }

  return {
    learn,
    get mine() {
      return mine;
    },
    get another() {
      return another;
    },
  };
}
