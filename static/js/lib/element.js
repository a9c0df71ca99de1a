// @ts-check
/*
 * Elements as the page's scripts need them: found by their id, made with a text, told something.
 */

/** Between code and what came of it. */
export const ARROW = { en: '→', zh: '→' };

/**
 * The one way to find an element of a part.
 * @param {ParentNode} part
 */
export function elementsOf(part) {
  /**
   * @template {Element} [T=HTMLElement]
   * @param {string} id
   * @param {new () => T} [type] what it has to be, if more than an HTMLElement
   * @returns {T}
   * @throws where the part's HTML has no such element
   */
  return (id, type) => {
    const element = part.querySelector(`#${id}`);
    if (!(element instanceof (type ?? HTMLElement))) throw new Error(`there is no #${id}`);
    return /** @type {T} */ (element); // without a type, T is HTMLElement
  };
}

/**
 * @param {string} tag
 * @param {Message | string} text a string is the same in both languages
 */
export function make(tag, text) {
  const element = document.createElement(tag);
  if (typeof text === 'string') element.textContent = text;
  else language.say(element, text);
  return element;
}

/**
 * Says how something went; if it went as before, a screen reader reads it again.
 * @param {HTMLElement} message
 * @param {Message | ''} text
 * @param {string} verdict its colour: `good`, `bad`, `wait`, `failed`; empty for none
 */
export function tell(message, text, verdict) {
  message.dataset.verdict = verdict;
  message.replaceChildren();
  language.say(message, text);
}

/**
 * Switches a button off or on. By `disabled` it would lose the keyboard's focus; `page.js` stops
 * the clicks instead.
 * @param {HTMLElement} button
 * @param {boolean} isDisabled
 */
export function setDisabled(button, isDisabled) {
  button.setAttribute('aria-disabled', String(isDisabled));
}

/**
 * A line of what happened: text in both languages and code, in turn.
 * @param {(Message | string)[]} pieces a string is shown as code
 */
export function line(...pieces) {
  const item = document.createElement('li');
  const parts = pieces.map((piece) => make(typeof piece === 'string' ? 'code' : 'span', piece));
  // Between Chinese and code no blank is needed, but it does no harm.
  for (const part of parts) item.append(part, ' ');
  return item;
}
