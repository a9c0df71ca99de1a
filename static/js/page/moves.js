// @ts-check
/*
 * What each move between the parts loaded, as the browser itself has measured it (Resource Timing).
 * The frame notes the moves; the part «One page» shows them.
 */

/** @typedef {'load' | 'link' | 'history'} How the whole page; a link; Back or Forward */
/** @typedef {{ path: string, bytes: number, isOld: boolean }} Loaded `isOld`: the browser had it already */
/** @typedef {{ part: Message, how: How, at: number, loaded: Loaded[] }} Move */

const MOST = 8;

/** The moves since the page was loaded, oldest first: always the first one, and the last few. @type {Move[]} */
export const moves = [];

/**
 * Whatever is loaded from now on is part of this move. The document says `moved` when something
 * was.
 * @param {Message} part
 * @param {How} how
 */
export function noteMove(part, how) {
  const at = moves.length === 0 ? 0 : performance.now();
  moves.push({ part, how, at, loaded: [] });
  // WebKit delivers the buffered entries at once, so not before there is a move to add them to.
  if (moves.length === 1) observe();
  if (moves.length > MOST) moves.splice(1, 1);
}

const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry instanceof PerformanceResourceTiming) add(entry);
  }
  document.dispatchEvent(new Event('moved'));
});

function observe() {
  observer.observe({ type: 'navigation', buffered: true });
  observer.observe({ type: 'resource', buffered: true });
}

/** @param {PerformanceResourceTiming} entry a navigation is one, too */
function add({ entryType, name, initiatorType, startTime, transferSize, encodedBodySize }) {
  const { pathname } = new URL(name);
  // What a lesson asks the server for is not what the move has loaded.
  if (entryType !== 'navigation' && !pathname.startsWith('/static/')) return;
  // The icon beside the title is the browser's own wish; Chromium looks for it at each new address.
  if (initiatorType === 'other') return;
  const move = moves.findLast(({ at }) => at <= startTime);
  // From the cache, or 304: then only headers were sent.
  // WebKit reports a 304 as 300 and 0.
  const isOld = transferSize < encodedBodySize || (encodedBodySize === 0 && transferSize === 300);
  move?.loaded.push({ path: pathname, bytes: transferSize, isOld });
}
