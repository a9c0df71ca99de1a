// @ts-check
/*
 * What must be known before the first line is drawn: which part is asked for, what this browser has
 * stored, and in which language the page is read.
 */

// The page holds the first part, and must not show it where another one is on its way.
document.documentElement.dataset.part = new URLSearchParams(location.search).get('part') ?? '';

/**
 * What the page stores in this browser. Storage may be blocked together with cookies, missing in a
 * web view, or full; then it lasts as long as the page is open.
 */
const storage = (() => {
  /** Other programs on this host and port have the same storage. */
  const PREFIX = 'session-ajax:';
  /** What could not be stored. @type {Map<string, string>} */
  const unstored = new Map();

  return {
    /** @param {string} key */
    get(key) {
      try {
        return unstored.get(key) ?? window.localStorage?.getItem(PREFIX + key) ?? null;
      } catch {
        return null; // blocked: to ask is an exception
      }
    },

    /** @param {string} key @param {string} value */
    set(key, value) {
      try {
        window.localStorage.setItem(PREFIX + key, value);
        unstored.delete(key);
      } catch {
        unstored.set(key, value); // blocked, missing or full
      }
    },

    /**
     * Calls whenever another tab has stored a value.
     * @param {string} key
     * @param {(value: string) => void} listener
     * @param {AbortSignal} signal ends it
     */
    onChange(key, listener, signal) {
      addEventListener(
        'storage',
        (event) => {
          if (event.key === PREFIX + key && event.newValue !== null) listener(event.newValue);
        },
        { signal },
      );
    },
  };
})();

/** @typedef {{ en: string, zh: string }} Message */

/**
 * English or Chinese: what was chosen last time, else what the browser prefers. The page holds every
 * text in both languages, those that scripts write as well, and the style sheet hides one.
 */
// biome-ignore lint/correctness/noUnusedVariables: a classic script; the others call it by its name
const language = (() => {
  const KEY = 'language';

  /** @returns {'en' | 'zh'} */
  function first() {
    const chosen = storage.get(KEY);
    if (chosen === 'en' || chosen === 'zh') return chosen;
    const best = (navigator.languages ?? []).find((name) => /^(en|zh)\b/i.test(name)) ?? 'en';
    return best.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  }

  let current = first();

  function show() {
    document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.language = current;
    for (const button of document.querySelectorAll('[data-language]')) {
      if (button instanceof HTMLButtonElement) {
        button.ariaPressed = String(button.dataset.language === current);
      }
    }
  }

  /** @param {Message} message @param {Element} element */
  function textsOf({ en, zh }, element) {
    if (en === zh) return [en];
    const tag = element instanceof SVGElement ? 'tspan' : 'span';
    return Object.entries({ en, zh }).map(([lang, text]) => {
      const part = document.createElementNS(element.namespaceURI, tag);
      part.setAttribute('lang', lang);
      part.textContent = text;
      return part;
    });
  }

  document.addEventListener('DOMContentLoaded', show);
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const { language: wanted } = event.target.dataset;
    if (wanted !== 'en' && wanted !== 'zh') return;
    current = wanted;
    storage.set(KEY, wanted);
    show();
    document.dispatchEvent(new Event('languagechange'));
  });
  show();

  return {
    /** 'en' or 'zh'. */
    get current() {
      return current;
    },

    /**
     * Writes a text into an element in both languages, of which the style sheet shows one. What
     * stands there already is left alone: a screen reader would read it again.
     * @param {Element} element
     * @param {Message | ''} message nothing empties the element
     */
    say(element, message) {
      const copy = /** @type {Element} */ (element.cloneNode(false));
      copy.append(...(message === '' ? [] : textsOf(message, element)));
      if (!copy.isEqualNode(element)) element.replaceChildren(...copy.childNodes);
    },
  };
})();
