// @ts-check
/*
 * Shows what the frame does when the reader moves between the parts: what each move has loaded, and
 * where they are in the browser's history. It changes neither; that is `page.js`.
 */
import { elementsOf, make, setDisabled } from '../lib/element.js';
import { navigations } from '../page/navigations.js';

/** @typedef {import('../page/navigations.js').Navigated} Navigated */

/** What brought the reader to a part. @type {Record<Navigated['type'], Message>} */
const HOW = {
  load: { en: 'the whole page', zh: '整个页面' },
  link: { en: 'by a link', zh: '通过链接' },
  history: { en: 'Back or Forward', zh: '后退或前进' },
};
/** A little longer than the frame waits. */
const SETTLED_MS = 200;
const ANOTHER_PAGE = {
  en: 'a page loaded as a whole; its address is hidden from scripts',
  zh: '整页加载的另一页，脚本看不到它的地址',
};
const FROM_CACHE = { en: 'had already', zh: '已有' };

/**
 * @param {HTMLElement} part
 * @param {AbortSignal} signal aborted when the reader leaves the part
 */
export function start(part, signal) {
  const elementOf = elementsOf(part);

  function showNavigations() {
    const rows = navigations.map((one) => rowOf(one, bytesOf(navigations[0])));
    part.querySelector('#moves tbody')?.replaceChildren(...rows.reverse());
  }

  function showHistory() {
    elementOf('state').textContent = JSON.stringify(history.state);
    // Not every browser has the Navigation API yet; it alone can list the entries.
    const { navigation } = /** @type {{ navigation?: Navigation }} */ (window);
    elementOf('no-entries').hidden = navigation !== undefined;
    elementOf('length').textContent = `history.length = ${history.length}`;
    if (navigation === undefined) return;
    const here = navigation.currentEntry?.index;
    elementOf('entries').replaceChildren(
      ...navigation.entries().map(({ url, index }) => entryOf(url, index === here)),
    );
    setDisabled(elementOf('back'), !navigation.canGoBack);
    setDisabled(elementOf('forward'), !navigation.canGoForward);
  }

  const loaded = new Date(performance.timeOrigin);
  language.say(elementOf('since'), {
    en: `This document is the one that was loaded at ${loaded.toLocaleTimeString('en-GB')}. A refresh would load it again, and empty this table.`,
    zh: `当前文档仍是 ${loaded.toLocaleTimeString('zh-CN')} 加载的那一个。刷新会重新加载它，并清空此表。`,
  });
  document.addEventListener('navigated', showNavigations, { signal });
  // The frame notes the place a moment after scrolling has stopped.
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const showLater = () => {
    clearTimeout(later);
    later = setTimeout(showHistory, SETTLED_MS);
  };
  addEventListener('scroll', showLater, { signal });
  signal.addEventListener('abort', () => clearTimeout(later));
  elementOf('back').addEventListener('click', () => history.back(), { signal });
  elementOf('forward').addEventListener('click', () => history.forward(), { signal });
  showNavigations();
  showHistory();
}

/** @param {Navigated | undefined} navigated */
function bytesOf(navigated) {
  return (navigated?.loaded ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * @param {Navigated} navigated
 * @param {number} whole what the whole page took, in bytes
 */
function rowOf(navigated, whole) {
  const row = document.createElement('tr');
  const what = document.createElement('th');
  what.scope = 'row';
  const how = make('span', HOW[navigated.type]);
  how.className = 'hint';
  what.append(make('span', navigated.part), ' ', document.createElement('br'), how);

  const requests = document.createElement('td');
  const details = document.createElement('details');
  const list = document.createElement('ul');
  list.append(...navigated.loaded.map(itemOf));
  const count = navigated.loaded.length;
  details.append(make('summary', { en: plural(count), zh: `${count} 个请求` }), list);
  requests.append(details);

  const size = document.createElement('td');
  const bar = document.createElement('div');
  bar.className = 'bar-of-bytes';
  bar.style.width = `${Math.min(100, (100 * bytesOf(navigated)) / Math.max(1, whole))}%`;
  size.append(kilobytes(bytesOf(navigated)), bar);
  row.append(what, size, requests);
  return row;
}

/** @param {import('../page/navigations.js').Loaded} loaded */
function itemOf({ path, bytes, isOld }) {
  const item = document.createElement('li');
  item.append(make('code', path), ` ${kilobytes(bytes)}`);
  if (isOld) item.append(' · ', make('span', FROM_CACHE));
  return item;
}

/**
 * @param {string | null} url `null` for a page that was loaded as a whole, and whose
 *   `Referrer-Policy` hides it
 * @param {boolean} isHere
 */
function entryOf(url, isHere) {
  const item = document.createElement('li');
  item.append(url === null ? make('span', ANOTHER_PAGE) : make('code', pathOf(url)));
  if (isHere) item.append(' ← ', make('strong', { en: 'you are here', zh: '你在这里' }));
  return item;
}

/** @param {string} url */
function pathOf(url) {
  const { pathname, search, hash } = new URL(url);
  return pathname + search + hash;
}

/** @param {number} count */
function plural(count) {
  return count === 1 ? '1 request' : `${count} requests`;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
