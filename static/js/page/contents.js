// @ts-check
/*
 * The contents: which parts there are, in which order, which is shown, and which were done. The list
 * itself stands in `index.html`.
 */

/** The part that the page holds from the beginning. */
export const HOME = 'start';
const DONE = 'done';
const nav = /** @type {HTMLElement} */ (document.querySelector('nav.contents')); // in index.html
const links = [...nav.querySelectorAll('a')];

/**
 * The part that an address names.
 * @param {string} href
 */
export function partOf(href) {
  const name = new URL(href).searchParams.get('part') ?? HOME;
  return /^[a-z]+$/.test(name) ? name : HOME;
}

/** @param {string} name of a part */
export function addressOf(name) {
  return name === HOME ? '/' : `/?part=${name}`;
}

/** @param {string} name */
function linkOf(name) {
  return links.find((link) => partOf(link.href) === name);
}

/** The parts before and after a part. @param {string} name */
export function neighboursOf(name) {
  const names = links.map(({ href }) => partOf(href));
  const index = names.indexOf(name);
  return { before: names[index - 1], after: names[index + 1] };
}

/** What the link to a part says; the part's own name where there is none. @param {string} name */
export function titleOf(name) {
  const link = linkOf(name);
  /** @param {'en' | 'zh'} lang */
  const textIn = (lang) => link?.querySelector(`[lang="${lang}"]`)?.textContent ?? name;
  return { en: textIn('en'), zh: textIn('zh') };
}

/** Marks the link to the part that is shown. @param {string} name */
export function markLink(name) {
  const link = linkOf(name);
  for (const a of links) a.ariaCurrent = a === link ? 'page' : null;
  if (!link) return;
  // On a narrow screen the links are one row that is pushed sideways.
  const { left, width } = link.getBoundingClientRect();
  nav.scrollLeft += left - nav.getBoundingClientRect().left - (nav.clientWidth - width) / 2;
}

/** Notes that a part was done. @param {string} name */
export function markDone(name) {
  storage.set(DONE, [...new Set([...done(), name])].join(' '));
  showDone();
}

function done() {
  return storage.get(DONE)?.split(' ') ?? [];
}

function showDone() {
  for (const link of done().map(linkOf)) {
    if (link && !link.querySelector('.done')) {
      const mark = document.createElement('span');
      mark.className = 'done';
      const word = document.createElement('span');
      word.className = 'unseen';
      language.say(word, { en: 'done', zh: '已完成' });
      mark.append(word);
      link.append(' ', mark);
    }
  }
}

showDone();
