// @ts-check
/*
 * Where am I logged in? The list of the user's own sessions, each with a button to end it. A
 * session goes by a handle here, which is not its id and leads nowhere without the user's own
 * cookie.
 */
import { ask } from '../../lib/ask.js';
import { elementsOf, tell } from '../../lib/element.js';
import { failureText, isLoginRequired, resultOf } from '../../lib/failure.js';
import { momentOf } from '../../lib/time.js';

/** @typedef {{ handle: string, createdAt: string, lastSeenAt: string, current: boolean }} Listing */

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal
 */
export function createList(part, signal) {
  const elementOf = elementsOf(part);
  const message = elementOf('mine-message');

  /** @param {Listing[]} listings none without a login */
  function fill(listings) {
    elementOf('mine').replaceChildren(...listings.map(itemOf));
    elementOf('end-others').hidden = listings.length < 2;
  }

  /**
   * @param {Listing} listing
   * @param {number} index
   */
  function itemOf({ handle, createdAt, lastSeenAt, current }, index) {
    const item = document.createElement('li');
    const text = document.createElement('span');
    text.id = `mine-${index}`;
    const [began, seen] = [momentOf(createdAt), momentOf(lastSeenAt)];
    language.say(text, {
      en: `${current ? 'This browser: since' : 'Another: since'} ${began.en}, last seen ${seen.en}`,
      zh: `${current ? '本浏览器' : '另一个'}：始于 ${began.zh}，最近使用 ${seen.zh}`,
    });
    item.append(text);
    if (current) return item;
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-describedby', text.id);
    language.say(button, { en: 'End', zh: '结束' });
    button.addEventListener('click', () => end(`/sessions/${encodeURIComponent(handle)}`), {
      signal,
    });
    item.append(' ', button);
    return item;
  }

  /** @param {string} url one of my sessions, or all of them but this one */
  function end(url) {
    ask('DELETE', url, { signal }, (xhr) => {
      // 404: it has ended by itself meanwhile.
      const isGone = xhr.status === 204 || xhr.status === 404;
      const ended = {
        en: 'Ended. When that browser comes back, the server will not know it.',
        zh: '已结束。那个浏览器再来时，服务器就不认识它了。',
      };
      tell(message, isGone ? ended : failureText(xhr), isGone ? 'good' : 'bad');
      // The button that had the focus is about to go.
      elementOf('mine-heading').focus();
      part.dispatchEvent(new Event('session-changed'));
    });
  }

  elementOf('end-others').addEventListener('click', () => end('/sessions'), { signal });

  return {
    /** @param {boolean} isLoggedIn */
    show(isLoggedIn) {
      elementOf('mine-login').hidden = isLoggedIn;
      if (!isLoggedIn) return fill([]);
      ask('GET', '/sessions', { signal, isAside: true }, (xhr) => {
        const listings = resultOf(xhr);
        fill(listings ?? []);
        // Ended elsewhere, between the two requests.
        if (isLoginRequired(xhr)) part.dispatchEvent(new Event('session-changed'));
        else if (listings === undefined) tell(message, failureText(xhr), 'bad');
      });
    },
  };
}
