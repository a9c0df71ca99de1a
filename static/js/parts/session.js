// @ts-check
/*
 * The session, as in Flask, from the browser: `session[key] = value`, `session.get(key)`, `del
 * session[key]`, each a request. After each, the server is asked what it holds now.
 */
import { del, get, set } from '../lessons/session.js';
import { ask } from '../lib/ask.js';
import { elementsOf, tell } from '../lib/element.js';
import { failureText, jsonOf, resultOf } from '../lib/failure.js';
import { traced } from '../lib/observe-xhr.js';
import { onReturn } from '../lib/presence.js';
import { isKey, isValue } from '../lib/rules.js';
import { listTraffic } from '../lib/wire.js';
import { createView } from './session/view.js';

/** What the server does not take, by the code of its answer. @type {Record<string, Message>} */
const REFUSED = {
  invalid_key: {
    en: 'A key has 1–64 letters, digits, _ - or ., and is not just . or ..',
    zh: '键应为 1–64 个字母（含汉字）、数字、_ - 或 .，且不能只是 . 或 ..。',
  },
  invalid_value: {
    en: 'A value has at most 4,096 bytes (400).',
    zh: '值最多 4096 字节（400）。',
  },
  too_many_keys: {
    en: 'A session holds at most 64 keys (400).',
    zh: '一个会话最多 64 个键（400）。',
  },
  session_too_large: {
    en: 'A session holds at most 16 KiB (413).',
    zh: '一个会话最多 16 KiB（413）。',
  },
  session_ended: {
    en: 'The session was ended meanwhile; nothing was kept (409).',
    zh: '会话在此期间已被结束，没有保存任何内容（409）。',
  },
};

const ANOTHER = {
  en: 'Another browser has a space of its own now. Yours is as it was.',
  zh: '另一个浏览器有了自己的空间。你的那片没有变化。',
};
const NOT_KEPT = { en: 'The server did not keep it.', zh: '服务器没有保存。' };

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);
  const form = elementOf('session-form', HTMLFormElement);
  const keyInput = elementOf('key', HTMLInputElement);
  const message = elementOf('session-message');
  const view = createView(part, signal);
  listTraffic(elementOf('wire'), signal);

  /** Asks what the server holds for this browser. */
  function look() {
    ask('GET', '/session', { signal, isAside: true }, (xhr) => {
      const session = resultOf(xhr);
      if (session === undefined) return tell(message, failureText(xhr), 'bad');
      const store = xhr.getResponseHeader('Session-Store') ?? '';
      view.show(session, Date.parse(xhr.getResponseHeader('Date') ?? ''), store);
    });
  }

  /**
   * @param {'GET' | 'PUT' | 'DELETE'} method
   * @param {(key: string, value: string) => Message} good what to say when it is done
   * @param {(key: string) => Message} missing what to say when there is no such key
   */
  function act(method, good, missing) {
    const key = keyInput.value;
    keyInput.setAttribute('aria-invalid', String(!isKey(key)));
    if (!isKey(key)) {
      tell(message, REFUSED.invalid_key ?? '', 'bad');
      keyInput.focus();
      return;
    }
    const value = String(new FormData(form).get('value'));
    if (method === 'PUT' && !isValue(value)) {
      return tell(message, REFUSED.invalid_value ?? '', 'bad');
    }
    const done = traced((/** @type {number} */ status, /** @type {string} */ responseText) => {
      const json = jsonOf(responseText);
      const isKept = [200, 201].includes(status) && json !== undefined;
      const isGood = status === 204 || isKept;
      const answer = json ?? {};
      const quoted = JSON.stringify(key);
      if (isGood) tell(message, good(quoted, JSON.stringify(answer.value)), 'good');
      else if (answer.code === 'no_such_key') tell(message, missing(quoted), 'bad');
      else tell(message, REFUSED[answer.code] ?? failureText({ status, responseText }), 'bad');
      look();
    });
    if (method === 'PUT') set(key, value, done);
    else if (method === 'GET') get(key, done);
    else del(key, done);
  }

  /**
   * The same without this browser's cookie. The new one that comes back is thrown away, so the next
   * request is a stranger's again.
   */
  async function actAsAnother() {
    const key = keyInput.value;
    const mine = String(new FormData(form).get('value'));
    // Another value, so that the two spaces can be told apart.
    const body = new URLSearchParams({ value: mine === 'blue' ? 'green' : 'blue' });
    const url = `/session/${encodeURIComponent(key)}`;
    /** @type {RequestInit} */
    const init = { method: 'PUT', body, credentials: 'omit', signal };
    const isKept = await fetch(url, init).then(
      async (response) => response.ok && jsonOf(await response.text()) !== undefined,
      () => false,
    );
    if (signal.aborted) return;
    tell(message, isKept ? ANOTHER : NOT_KEPT, isKept ? 'good' : 'bad');
    look();
  }

  /** @param {string} text code, which is the same in both languages */
  const code = (text) => ({ en: text, zh: text });
  const setValue = () => act('PUT', (key, value) => code(`session[${key}] = ${value}`), code);
  const getValue = () =>
    act(
      'GET',
      (key, value) => code(`session.get(${key}) → ${value}`),
      (key) => ({
        en: `session.get(${key}) → None: there is no such key (404).`,
        zh: `session.get(${key}) → None：没有这个键（404）。`,
      }),
    );
  const delValue = () =>
    act(
      'DELETE',
      (key) => code(`del session[${key}]`),
      (key) => ({
        en: `del session[${key}] → KeyError: there is no such key (404).`,
        zh: `del session[${key}] → KeyError：没有这个键（404）。`,
      }),
    );

  form.addEventListener('submit', setValue, { signal });
  elementOf('get').addEventListener('click', getValue, { signal });
  elementOf('del').addEventListener('click', delValue, { signal });
  elementOf('another').addEventListener('click', actAsAnother, { signal });
  elementOf('look').addEventListener('click', look, { signal });
  onReturn(look, signal);
  look();
}
