// @ts-check
/*
 * Elements as the lessons' scripts need them: found by their id, or made with a text in both
 * languages.
 */

/** Between code and what came of it. */
export const ARROW = { en: '→', zh: '→' };

/**
 * @param {HTMLElement} part
 * @returns {(id: string) => HTMLElement} the part's element of that id
 */
export function elementsOf(part) {
  return (id) => part.querySelector(`#${id}`) ?? part;
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
 * A function as its file has it, without what is written there for the type checker.
 * @param {Function} script
 */
export function codeOf(script) {
  return String(script).replace(/^ *\/\/ @ts-.*\n/gm, '');
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
