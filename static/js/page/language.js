// @ts-check
/*
 * English or Chinese, chosen before the first line is drawn: what was chosen last time, else what
 * the browser prefers. The page holds every text in both languages, those that scripts write as
 * well, and the style sheet hides one.
 */

/** @typedef {{ en: string, zh: string }} Message */

// biome-ignore lint/correctness/noUnusedVariables: a classic script; the others call it by its name
const language = (() => {
  const KEY = 'language';

  /** @returns {'en' | 'zh'} */
  function first() {
    const chosen = kept.get(KEY);
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
    kept.set(KEY, wanted);
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
