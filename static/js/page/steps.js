// @ts-check
/*
 * The end of a part: back to the one before, on to the next. Who goes on from here has done it, and
 * the contents say so.
 */
import { make } from '../lib/element.js';
import { addressOf, neighboursOf, titleOf } from './contents.js';

/** @param {string} name of the part @param {HTMLElement} part */
export function addSteps(name, part) {
  const { before, after } = neighboursOf(name);
  const nav = document.createElement('nav');
  nav.className = 'steps-on';
  nav.ariaLabel = 'Back, next / 上一课，下一课';
  if (before !== undefined) nav.append(linkTo(before, 'prev', { en: 'Back: ', zh: '上一课：' }));
  if (after !== undefined) nav.append(linkTo(after, 'next', { en: 'Next: ', zh: '下一课：' }));
  else nav.append(endLink());
  part.append(nav);
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
