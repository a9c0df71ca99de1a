// @ts-check
/*
 * The list of the lessons: what they are called, and which of them is shown.
 */

const HOME = 'form';
const nav = /** @type {HTMLElement} */ (document.querySelector('nav'));
const links = [...nav.querySelectorAll('a')];

/**
 * The part that an address names.
 * @param {string} href
 */
export function partOf(href) {
  const name = new URL(href).searchParams.get('part') ?? HOME;
  return /^[a-z]+$/.test(name) ? name : HOME;
}

/** What the link to a part says; the part's own name where there is none. @param {string} name */
export function titleOf(name) {
  const link = links.find((a) => partOf(a.href) === name);
  /** @param {'en' | 'zh'} lang */
  const textIn = (lang) => link?.querySelector(`[lang="${lang}"]`)?.textContent ?? name;
  return { en: textIn('en'), zh: textIn('zh') };
}

/** Marks the link to the part that is shown. @param {string} name */
export function markLink(name) {
  const link = links.find((a) => partOf(a.href) === name);
  for (const a of links) a.ariaCurrent = a === link ? 'page' : null;
  if (!link) return;
  // On a narrow screen the links are one row that is pushed sideways.
  const { left, width } = link.getBoundingClientRect();
  nav.scrollLeft += left - nav.getBoundingClientRect().left - (nav.clientWidth - width) / 2;
}
