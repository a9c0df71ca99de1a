/**
 * May this unsafe request come from another site? A browser sends our cookie along with requests
 * that other sites start (SameSite=Lax stops most of them, not all). What a browser cannot be made
 * to lie about is where the request began: `Sec-Fetch-Site`, or in older browsers `Origin`. A
 * client that sends neither is no browser, carries nobody's cookies by accident, and passes. OWASP
 * Cross-Site Request Forgery Prevention Cheat Sheet, «Fetch Metadata»; ASVS 5, 3.5.1.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from './error.ts';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const OTHER_HOST =
  'a request was refused, because its Origin is not its Host: if a proxy of yours stands in front, ' +
  'it has to pass Host on whole, with the port (nginx: proxy_set_header Host $http_host)';

/**
 * Refuses an unsafe request that began on another site.
 * @param host whom the request is for, as `readTarget` gives it
 * @param hint is told what may be set up otherwise than it was meant
 * @throws HttpError 403
 */
export function checkOrigin(
  method: string,
  headers: IncomingHttpHeaders,
  host: string,
  hint: (line: string) => void,
): void {
  if (SAFE_METHODS.includes(method)) return;
  const { 'sec-fetch-site': site, origin } = headers;
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined) {
    if (origin === undefined) return;
    // The scheme is the proxy's business: what matters is that the page came from this host and
    // port.
    const from = /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
    if (from === host) return;
    hint(OTHER_HOST);
  }
  throw new HttpError(403, 'cross_site', 'this request began on another site');
}
