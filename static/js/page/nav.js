// @ts-check
/*
 * Navigation: the contents, whose list stands in `index.html`, with the part that is shown and those
 * that were done; and at the end of a part the links back and on. Who follows the link on has done it.
 */
import { make } from '../lib/element.js';

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
function addressOf(name) {
  return name === HOME ? '/' : `/?part=${name}`;
}

/** @param {string} name */
function linkOf(name) {
  return links.find((link) => partOf(link.href) === name);
}

/** The parts before and after a part. @param {string} name */
function neighboursOf(name) {
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
      const mark = make('span', '');
      mark.className = 'done';
      const word = make('span', { en: 'done', zh: '已完成' });
      word.className = 'unseen';
      mark.append(word);
      link.append(' ', mark);
    }
  }
}

/** @param {string} name of the part @param {HTMLElement} part */
export function addPager(name, part) {
  const { before, after } = neighboursOf(name);
  const pager = document.createElement('nav');
  pager.className = 'steps-on';
  const title = make('p', { en: 'Back, next', zh: '上一课，下一课' });
  title.className = 'unseen';
  title.id = 'pager-title';
  pager.setAttribute('aria-labelledby', title.id);
  pager.append(title);
  if (before !== undefined) pager.append(linkTo(before, 'prev', { en: 'Back: ', zh: '上一课：' }));
  if (after !== undefined) pager.append(linkTo(after, 'next', { en: 'Next: ', zh: '下一课：' }));
  else pager.append(endLink());
  part.append(pager);
}

/** @param {string} name @param {'prev' | 'next'} rel @param {Message} before */
function linkTo(name, rel, before) {
  const title = titleOf(name);
  const link = make('a', { en: before.en + title.en, zh: before.zh + title.zh });
  link.setAttribute('href', addressOf(name));
  link.setAttribute('rel', rel);
  return link;
}

function endLink() {
  const link = make('a', { en: 'Done. To the beginning', zh: '学完了。回到开头' });
  link.setAttribute('href', '/');
  link.setAttribute('rel', 'next');
  return link;
}

showDone();
