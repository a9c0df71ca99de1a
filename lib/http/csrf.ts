/**
 * CSRF: refuses an unsafe request that another site has started. `SameSite=Lax` stops most of them,
 * not all. A browser says where a request began in `Sec-Fetch-Site`, or in `Origin` if it is older;
 * a client that sends neither is not a browser. OWASP CSRF Prevention Cheat Sheet, «Fetch
 * Metadata»; ASVS 5, 3.5.1.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from './reply.ts';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const OTHER_HOST =
  'a request was refused, because its Origin is not its Host: if a proxy of yours stands in front, ' +
  'it has to pass Host on whole, with the port (nginx: proxy_set_header Host $http_host)';

/**
 * @param host the target's, as `readTarget` returns it
 * @param warnOnce logs what may be configured wrongly
 * @throws HttpError 403
 */
export function checkCsrf(
  method: string,
  headers: IncomingHttpHeaders,
  host: string,
  warnOnce: (line: string) => void,
): void {
  if (SAFE_METHODS.includes(method)) return;
  const { 'sec-fetch-site': site, origin } = headers;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined) {
    if (origin === undefined) return;
    // Not the scheme: behind a proxy that ends TLS it is not ours.
    const from = /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
    if (from === host) return;
    warnOnce(OTHER_HOST);
  }
  throw new HttpError(403, 'cross_site', 'this request began on another site');
}
