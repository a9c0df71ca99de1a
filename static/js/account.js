// @ts-check
/*
 * Registering, logging in and logging out, without leaving the page. What was typed is sent as a
 * form: `name=value&name=value`, each value encoded.
 */
import { failureText, TEXTS } from './texts.js';
import { follow } from './wire.js';

const TIMEOUT_MS = 20_000;

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 * @param {{ isRegistered(): void, nameIsTaken(): void, nameProblem(): boolean }} name the name's
 *   own check: told what has become of the name; asked whether anything is wrong with it
 */
export function startAccount(part, signal, name) {
  const registerForm = formOf('#register');
  const loginForm = formOf('#login');
  const logoutButton = elementOf('#logout');
  const wire = elementOf('#wire');

  /** @param {string} selector */
  function elementOf(selector) {
    return /** @type {HTMLElement} */ (part.querySelector(selector));
  }
  /** @param {string} selector */
  function formOf(selector) {
    return /** @type {HTMLFormElement} */ (part.querySelector(selector));
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {HTMLFormElement | null} form
   * @param {(xhr: XMLHttpRequest) => void} done
   */
  function send(method, url, form, done) {
    const xhr = createXhr();
    xhr.open(method, url, true);
    xhr.timeout = TIMEOUT_MS;
    xhr.onreadystatechange = () => {
      if (xhr.readyState === 4 && !signal.aborted) done(xhr);
    };
    // The list shows what was sent, but for the password.
    follow(wire, xhr, `${method.toUpperCase()} ${url}`);
    if (form === null) return xhr.send(null);
    xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    xhr.send(encodeForm(form));
  }

  /**
   * @param {string} selector of the message
   * @param {Message | ''} text
   * @param {'good' | 'bad'} verdict
   */
  function tell(selector, text, verdict) {
    const message = elementOf(selector);
    message.dataset.verdict = verdict;
    language.say(message, text);
  }

  /**
   * @param {'upwd' | 'nickname'} field
   * @param {boolean} isGood
   */
  function judge(field, isGood) {
    const input = elementOf(`#${field}`);
    if (isGood) input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
    tell(`#${field}-message`, isGood ? '' : TEXTS[field], 'bad');
    return isGood;
  }

  registerForm.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      const upwd = [...fieldValue(registerForm, 'upwd')].length;
      const nickname = fieldValue(registerForm, 'nickname');
      const nicknameIsGood = nickname.trim() !== '' && [...nickname].length <= 32;
      const hasBadName = name.nameProblem();
      const isGood = [judge('upwd', upwd >= 8 && upwd <= 128), judge('nickname', nicknameIsGood)];
      tell('#register-message', '', 'bad');
      if (hasBadName || isGood.includes(false)) {
        /** @type {HTMLElement | null} */ (part.querySelector('[aria-invalid="true"]'))?.focus();
        return;
      }
      const button = busy(registerForm, true);
      send('post', '/register', registerForm, (xhr) => {
        button.disabled = false;
        if (xhr.status === 201) {
          const user = JSON.parse(xhr.responseText);
          registerForm.reset();
          name.isRegistered();
          valueInto(loginForm, 'uname', user.uname);
          const en = `${user.nickname} is registered as ${user.uname}, and can log in.`;
          const zh = `${user.nickname} 已注册为 ${user.uname}，现在可以登录。`;
          tell('#register-message', { en, zh }, 'good');
          return;
        }
        tell('#register-message', failureText(xhr), 'bad');
        if (xhr.status === 409) {
          name.nameIsTaken();
          elementOf('#uname').focus();
        }
      });
    },
    { signal },
  );

  loginForm.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      const button = busy(loginForm, true);
      send('post', '/login', loginForm, (xhr) => {
        button.disabled = false;
        if (xhr.status !== 200) return tell('#login-message', failureText(xhr), 'bad');
        loginForm.reset();
        tell('#login-message', '', 'good');
        showWho(JSON.parse(xhr.responseText));
        logoutButton.focus();
      });
    },
    { signal },
  );

  logoutButton.addEventListener(
    'click',
    () => {
      send('post', '/logout', null, (xhr) => {
        if (xhr.status !== 204) return tell('#login-message', failureText(xhr), 'bad');
        tell('#login-message', { en: 'You are logged out.', zh: '您已退出登录。' }, 'good');
        showWho(null);
        elementOf('#login-uname').focus();
      });
    },
    { signal },
  );

  /** @param {{ uname: string, nickname: string } | null} user */
  function showWho(user) {
    loginForm.hidden = user !== null;
    logoutButton.hidden = user === null;
    const { nickname, uname } = user ?? {};
    const known = {
      en: `You are logged in: ${nickname} (${uname}).`,
      zh: `您已登录：${nickname}（${uname}）。`,
    };
    language.say(
      elementOf('#whoami'),
      user ? known : { en: 'You are not logged in.', zh: '您尚未登录。' },
    );
  }

  send('get', '/session', null, (xhr) => {
    if (xhr.status === 200) showWho(JSON.parse(xhr.responseText).user);
  });
}

/** @param {HTMLFormElement} form */
function encodeForm(form) {
  return [...new FormData(form)]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} isBusy
 */
function busy(form, isBusy) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type="submit"]'));
  button.disabled = isBusy;
  return button;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function fieldValue(form, name) {
  return String(new FormData(form).get(name) ?? '');
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
function valueInto(form, name, value) {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}
