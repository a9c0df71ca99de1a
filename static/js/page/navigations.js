// @ts-check
/*
 * What each navigation between the parts loaded, as the browser itself measures it (Resource Timing).
 * The frame marks the navigations; the part «One page» shows them.
 */

/** @typedef {'load' | 'link' | 'history'} NavigationType the whole page; a link; Back or Forward */
/** @typedef {{ path: string, bytes: number, isOld: boolean }} Loaded `isOld`: the browser had it already */
/** @typedef {{ part: Message, type: NavigationType, at: number, loaded: Loaded[] }} Navigated */

const MOST = 8;

/** Since the page was loaded, oldest first: always the first one, and the last few. @type {Navigated[]} */
export const navigations = [];

/**
 * What is loaded from now on belongs to this navigation. The document fires `navigated` when
 * something was loaded.
 * @param {Message} part
 * @param {NavigationType} type
 */
export function markNavigation(part, type) {
  const at = navigations.length === 0 ? 0 : performance.now();
  navigations.push({ part, type, at, loaded: [] });
  // WebKit delivers the buffered entries at once, so not before there is a navigation to add them to.
  if (navigations.length === 1) observe();
  if (navigations.length > MOST) navigations.splice(1, 1);
}

const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry instanceof PerformanceResourceTiming) add(entry);
  }
  document.dispatchEvent(new Event('navigated'));
});

function observe() {
  observer.observe({ type: 'navigation', buffered: true });
  observer.observe({ type: 'resource', buffered: true });
}

/** @param {PerformanceResourceTiming} entry a navigation is one, too */
function add({ entryType, name, initiatorType, startTime, transferSize, encodedBodySize }) {
  const { pathname } = new URL(name);
  // What a lesson asks the server for is not what the navigation has loaded.
  if (entryType !== 'navigation' && !pathname.startsWith('/static/')) return;
  // The favicon: Chromium fetches it again after each pushState.
  if (initiatorType === 'other') return;
  const last = navigations.findLast(({ at }) => at <= startTime);
  // From the cache, or 304: then only headers were sent.
  // WebKit reports a 304 as 300 and 0.
  const isOld = transferSize < encodedBodySize || (encodedBodySize === 0 && transferSize === 300);
  last?.loaded.push({ path: pathname, bytes: transferSize, isOld });
}
