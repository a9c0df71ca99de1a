// @ts-check
/*
 * One fact, kept in a plain cookie and in the session, and then tampered with. The table is filled
 * in by what really happened: what the browser let the script do, and what the server said
 * afterwards.
 */

import { askServer, keepInCookie, keepInSession } from '../lessons/cookie.js';
import { ask } from '../lib/ask.js';
import { elementsOf, setDisabled, tell } from '../lib/element.js';
import { failureText, resultOf } from '../lib/failure.js';
import { traced } from '../lib/observe-xhr.js';
import { onReturn } from '../lib/presence.js';
import { momentOf } from '../lib/time.js';
import { listTraffic } from '../lib/wire.js';
import { startSigned } from './cookie/signed.js';
import * as TEXTS from './cookie/texts.js';

/** As in the lesson. */
const MONTH_SECONDS = 2_592_000;
/** What an id and its signature look like; these belong to no session. */
const FORGED = `${'A'.repeat(43)}.${'A'.repeat(43)}`;

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  /** @param {string} id @param {Message} text */
  const say = (id, text) => language.say(elementOf(id), text);
  /** @param {Message} text */
  const report = (text) => say('cookie-message', text);
  listTraffic(elementOf('wire'), signal);
  let isInSession = false;
  /** The session's cookie; over https it has the prefix that forbids just what is tried below. */
  let sid = 'sid';

  /**
   * Asks what the server believes, and shows it.
   * @param {(level: TEXTS.Level) => void} then
   */
  function look(then, isAside = false) {
    /** @param {import('../lib/failure.js').Over} over */
    const take = (over) => {
      /** @type {TEXTS.Level | undefined} */
      const level = resultOf(over);
      if (level === undefined) return report(failureText(over));
      const { cookieSays, sessionSays } = level;
      isInSession = sessionSays !== null;
      sid = `${location.protocol === 'https:' ? '__Host-' : ''}${level.isUser ? 'user-' : ''}sid`;
      tell(elementOf('cookie-says'), levelText(cookieSays), cookieSays === 'admin' ? 'bad' : '');
      say('session-says', levelText(sessionSays));
      elementOf('document-cookie').textContent = JSON.stringify(document.cookie);
      for (const id of ['plain', 'forge']) setDisabled(elementOf(id), !isInSession);
      then(level);
    };
    if (isAside) ask('GET', '/lab/level', { signal, isAside }, take);
    else askServer(answered(take));
  }

  /**
   * For a lesson to call when a request is over.
   * @param {(over: import('../lib/failure.js').Over) => void} take
   */
  function answered(take) {
    return traced((/** @type {number} */ status, /** @type {string} */ responseText) =>
      take({ status, responseText }),
    );
  }

  function keep() {
    keepInCookie('user');
    const kept = answered((over) => {
      if (resultOf(over) === undefined) return report(failureText(over));
      look(() => {
        report(TEXTS.KEPT);
        say('where-cookie', TEXTS.whereCookie(document.cookie));
        say('where-session', TEXTS.WHERE_SESSION);
        ask('GET', '/session', { signal, isAside: true }, showHowLong);
      });
    });
    keepInSession('user', kept);
  }

  /** @param {XMLHttpRequest} xhr */
  function showHowLong(xhr) {
    const session = resultOf(xhr);
    if (session === undefined) return report(failureText(xhr));
    const month = new Date(Date.now() + 1000 * MONTH_SECONDS).toISOString();
    say('long-cookie', TEXTS.longCookie(momentOf(month)));
    say('long-session', TEXTS.longSession(momentOf(session.idleExpiresAt)));
  }

  function changePlain() {
    keepInCookie('admin');
    look((level) => {
      report(TEXTS.safeCookie(level));
      say('safe-cookie', TEXTS.safeCookie(level));
    });
  }

  /**
   * A script may not touch an HttpOnly cookie. Beside it, for a longer path, it can put another of
   * the same name, and the browser sends both, that one first (RFC 6265 §5.4). It is taken away
   * again at once.
   */
  function forge() {
    setCookie(`${sid}=${FORGED}; Path=/`);
    // WebKit may list it here although it has refused it: the server's answer decides.
    if (document.cookie.includes(FORGED)) setCookie(`${sid}=; Path=/; Max-Age=0`);
    setCookie(`${sid}=${FORGED}; Path=/lab; Max-Age=10`);
    look((level) => {
      setCookie(`${sid}=; Path=/lab; Max-Age=0`);
      const text = TEXTS.safeSession(level, sid);
      report(text);
      say('safe-session', text);
    });
  }

  function askAgain() {
    look((level) => {
      if (level.known) return report(TEXTS.knownAs(level));
      if (level.sessionCookies === 0) return report(TEXTS.NO_COOKIE);
      report(TEXTS.STRANGER);
      say('safe-session', TEXTS.STRANGER);
    });
  }

  function clean() {
    setCookie('level=; Path=/; Max-Age=0');
    const done = () => look(() => report(TEXTS.GONE));
    if (isInSession) ask('DELETE', '/session/level', { signal }, done);
    else done();
  }

  /** The part before the first dot is the data, in base64url and for everybody to read. */
  function readFlask() {
    const [data = ''] = (elementOf('flask').textContent ?? '').split('.');
    elementOf('flask-data').textContent = atob(data.replaceAll('-', '+').replaceAll('_', '/'));
  }

  const actions = { keep, plain: changePlain, forge, ask: askAgain, clean, read: readFlask };
  for (const [id, action] of Object.entries(actions)) {
    elementOf(id).addEventListener('click', action, { signal });
  }
  const lookAgain = () => look(() => {}, true);
  startSigned(part, signal);
  onReturn(lookAgain, signal);
  lookAgain();
}

/** @param {string | null} level @returns {Message} */
function levelText(level) {
  return level === null ? TEXTS.NO_LEVEL : { en: level, zh: level };
}

/** @param {string} text name, value and attributes */
function setCookie(text) {
  // biome-ignore lint/suspicious/noDocumentCookie: the lesson is about this, and what it cannot do
  document.cookie = text;
}
