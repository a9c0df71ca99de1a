// @ts-check
/*
 * SECRET_KEY: an id and its signature, to be changed. After each change the server, which is given
 * the keys for this once, says whether it takes the cookie.
 */
import { ask } from '../../lib/ask.js';
import { elementsOf, tell } from '../../lib/element.js';
import { failureText, resultOf } from '../../lib/failure.js';

const NO_KEY = {
  en: 'There is no key: fill in SECRET_KEY, without a comma.',
  zh: '没有密钥：请填写 SECRET_KEY，不含逗号。',
};
const NO_COOKIE = { en: 'Sign an id first.', zh: '请先签一个标识。' };
/** By the number of the key that has signed it. @type {Message[]} */
const TAKEN = [
  {
    en: 'The server takes it: its key has signed this id.',
    zh: '服务器接受：这个标识由它的密钥签名。',
  },
  {
    en: 'The server takes it: the old key has signed this id. New ids are signed with the new one.',
    zh: '服务器接受：这个标识由旧密钥签名。新标识则用新密钥签名。',
  },
];
const REFUSED = {
  en: 'The server refuses it: none of its keys makes this signature of this id. The visitor is a stranger.',
  zh: '服务器拒绝：它的任何密钥都不会对这个标识得出这个签名。访客成了陌生人。',
};
const KEY_CHANGED = {
  en: 'The server refuses it, and every cookie signed before: with the key changed, all visitors are strangers.',
  zh: '服务器拒绝它，以及以前签过的每一个 Cookie：密钥一换，所有访客都成了陌生人。',
};

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal
 */
export function startSigned(part, signal) {
  const elementOf = elementsOf(part);
  /** @param {string} id */
  const inputOf = (id) => elementOf(id, HTMLInputElement);
  const message = elementOf('signed-message');
  const [keyNow, keyOld] = [inputOf('key-now'), inputOf('key-old')];
  const [id, signature] = [inputOf('signed-id'), inputOf('signature')];
  let newest = 0;

  /** @param {Message} [refused] what a refusal means */
  function verify(refused) {
    if (id.value === '' && signature.value === '') return tell(message, NO_COOKIE, 'bad');
    send({ cookie: `${id.value}.${signature.value}` }, refused);
  }

  /** @param {{ cookie?: string }} fields none for a new cookie @param {Message} [refused] */
  function send(fields, refused = REFUSED) {
    newest += 1;
    const number = newest;
    const keys = [keyNow.value, keyOld.value].filter((key) => key !== '');
    const isKey = keyNow.value !== '' && !keys.some((key) => key.includes(','));
    if (!isKey) return tell(message, NO_KEY, 'bad');
    ask('POST', '/lab/cookie', { fields: { keys: keys.join(), ...fields }, signal }, (xhr) => {
      if (number !== newest) return;
      const answer = resultOf(xhr);
      if (answer === undefined) return tell(message, failureText(xhr), 'bad');
      [id.value, signature.value] = answer.cookie.split('.');
      const taken = TAKEN[answer.signedBy];
      tell(message, taken ?? refused, taken ? 'good' : 'bad');
    });
  }

  /** @param {HTMLInputElement} input */
  function alter(input) {
    const { value } = input;
    if (value !== '') input.value = (value.startsWith('A') ? 'B' : 'A') + value.slice(1);
    verify();
  }

  /** @param {string} old the key that is still taken; empty for none */
  function changeKey(old) {
    keyOld.value = old;
    keyNow.value = `${keyNow.value.replace(/ \d+$/, '')} ${Math.floor(Math.random() * 1e6)}`;
    verify(old === '' ? KEY_CHANGED : undefined);
  }

  elementOf('signed').addEventListener('submit', () => send({}), { signal });
  const actions = {
    'alter-id': () => alter(id),
    'alter-signature': () => alter(signature),
    'new-key': () => changeKey(''),
    'rotate-key': () => changeKey(keyNow.value),
  };
  for (const [name, action] of Object.entries(actions)) {
    elementOf(name).addEventListener('click', action, { signal });
  }
  for (const input of [keyNow, keyOld, id, signature]) {
    input.addEventListener('change', () => verify(), { signal });
  }
}
