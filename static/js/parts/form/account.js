// @ts-check
/*
 * Registering, logging in and logging out, without leaving the page: what the forms say before the
 * lesson sends them, and when the answer is there.
 */
import { login, logout, register } from '../../lessons/account.js';
import { ask } from '../../lib/ask.js';
import { elementsOf, setDisabled, tell } from '../../lib/element.js';
import { failureText, resultOf } from '../../lib/failure.js';
import { TEXTS } from '../../lib/name-texts.js';
import { traced } from '../../lib/observe-xhr.js';
import { onReturn } from '../../lib/presence.js';
import { isNickname, isUpwd } from '../../lib/rules.js';
import { createList } from './sessions.js';

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 * @param {ReturnType<typeof import('../../lib/name-check.js').createNameCheck>} name
 */
export function startAccount(part, signal, name) {
  const elementOf = elementsOf(part);
  const registerForm = elementOf('register', HTMLFormElement);
  const loginForm = elementOf('login', HTMLFormElement);
  const logoutButton = elementOf('logout');
  const list = createList(part, signal);

  /** @param {string} id @param {Message | ''} text @param {'good' | 'bad'} verdict */
  const say = (id, text, verdict) => tell(elementOf(id), text, verdict);

  /**
   * @param {'upwd' | 'nickname'} field
   * @param {boolean} isGood
   */
  function judge(field, isGood) {
    const input = elementOf(field);
    if (isGood) input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
    say(`${field}-message`, isGood ? '' : TEXTS[field], 'bad');
    return isGood;
  }

  registerForm.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      const { upwd = '', nickname = '' } = fieldsOf(registerForm);
      const hasBadName = name.hasProblem();
      const isGood = [judge('upwd', isUpwd(upwd)), judge('nickname', isNickname(nickname))];
      say('register-message', '', 'bad');
      if (hasBadName || isGood.includes(false)) {
        /** @type {HTMLElement | null} */ (part.querySelector('[aria-invalid="true"]'))?.focus();
        return;
      }
      setBusy(registerForm, true);
      register(
        fieldsOf(registerForm),
        traced((/** @type {XMLHttpRequest} */ xhr) => {
          setBusy(registerForm, false);
          const user = resultOf(xhr);
          if (user !== undefined) {
            registerForm.reset();
            name.clear();
            elementOf('login-uname', HTMLInputElement).value = user.uname;
            const en = `${user.nickname} is registered as ${user.uname}, and can log in.`;
            const zh = `${user.nickname} 已注册为 ${user.uname}，现在可以登录。`;
            say('register-message', { en, zh }, 'good');
            return;
          }
          say('register-message', failureText(xhr), 'bad');
          if (xhr.status === 409) {
            name.isTaken();
            elementOf('uname').focus();
          }
        }),
      );
    },
    { signal },
  );

  loginForm.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      setBusy(loginForm, true);
      login(
        fieldsOf(loginForm),
        traced((/** @type {XMLHttpRequest} */ xhr) => {
          setBusy(loginForm, false);
          const user = resultOf(xhr);
          if (user === undefined) return say('login-message', failureText(xhr), 'bad');
          loginForm.reset();
          say('login-message', '', 'good');
          showWho(user);
          logoutButton.focus();
        }),
      );
    },
    { signal },
  );

  logoutButton.addEventListener(
    'click',
    () => {
      logout(
        traced((/** @type {XMLHttpRequest} */ xhr) => {
          if (xhr.status !== 204) return say('login-message', failureText(xhr), 'bad');
          say('login-message', { en: 'You are logged out.', zh: '你已退出登录。' }, 'good');
          showWho(null);
          elementOf('login-uname').focus();
        }),
      );
    },
    { signal },
  );

  /** @param {{ uname: string, nickname: string } | null} user */
  function showWho(user) {
    list.show(user !== null);
    loginForm.hidden = user !== null;
    logoutButton.hidden = user === null;
    const { nickname, uname } = user ?? {};
    const known = {
      en: `You are logged in: ${nickname} (${uname}).`,
      zh: `你已登录：${nickname}（${uname}）。`,
    };
    language.say(
      elementOf('whoami'),
      user ? known : { en: 'You are not logged in.', zh: '你尚未登录。' },
    );
  }

  function look() {
    ask('GET', '/session', { signal, isAside: true }, (xhr) => {
      const session = resultOf(xhr);
      if (session === undefined) language.say(elementOf('whoami'), failureText(xhr));
      else showWho(session.user);
    });
  }

  part.addEventListener('session-changed', look, { signal });
  onReturn(look, signal);
  look();
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(fields);
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} isBusy
 */
function setBusy(form, isBusy) {
  setDisabled(/** @type {HTMLButtonElement} */ (form.querySelector('[type="submit"]')), isBusy);
}
