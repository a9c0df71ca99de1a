// @ts-check
/*
 * A request and its answer as text, the way they go over the wire, as far as a script may know it.
 * The browser adds headers of its own to the request, and no script can read those.
 */

/** Longer lines of a body are cut; what is cut is said. */
const LONGEST_LINE = 60;

/**
 * @param {{ method: string, url: string, headers: Record<string, string>, body: string }} request
 *   `headers`: those that the script sets
 */
export function requestText({ method, url, headers, body }) {
  const lines = Object.entries({ Host: location.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [`${method} ${url}${version(' ')}`, ...lines, '', body].join('\n').trimEnd();
}

/**
 * The status and the headers of an answer; nothing before readyState 2, and nothing after a
 * failure.
 * @param {{ status: number, statusText: string }} answer
 * @param {string} headers as `getAllResponseHeaders` gives them
 */
export function headText({ status, statusText }, headers) {
  if (status === 0) return '';
  const first = `${version('')} ${status} ${statusText}`.trim();
  return `${first}\n${headers.trimEnd().replaceAll('\r\n', '\n')}`;
}

/** A body as far as it has come. @param {string} text */
export function bodyText(text) {
  return text.trimEnd().split('\n').map(shortened).join('\n');
}

/** @param {string} text */
function shortened(text) {
  const letters = [...text];
  if (letters.length <= LONGEST_LINE) return text;
  return `${letters.slice(0, LONGEST_LINE).join('')}… (${letters.length})`;
}

/** HTTP/2 and later have no such lines; there, only the version's place stays empty. @param {string} before */
function version(before) {
  const [page] = performance.getEntriesByType('navigation');
  const isFirst =
    page instanceof PerformanceResourceTiming && /^http\/1/.test(page.nextHopProtocol);
  return isFirst ? `${before}${page.nextHopProtocol.toUpperCase()}` : '';
}
