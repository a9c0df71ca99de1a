/**
 * The headers that every answer carries, whoever writes it: OWASP Secure Headers.
 */

const POLICY = 'Content-Security-Policy';
// The policy allows this site's own files and nothing inline (ASVS 5, 3.4).
const ALWAYS: readonly string[] = [
  POLICY,
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ...['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer'],
  ...['Cross-Origin-Opener-Policy', 'same-origin', 'Cross-Origin-Resource-Policy', 'same-origin'],
];
// A year (RFC 6797 §6.1); only over https, where alone it means something.
const HTTPS = [...ALWAYS, 'Strict-Transport-Security', 'max-age=31536000'];
/**
 * A Worker of this name runs what a reader has written: it may make functions out of text, which
 * nothing else may, and has no network and no other script.
 */
const SANDBOX = /^\/static\/[^?]+\/worker\.js$/;
const SANDBOXED = [POLICY, "default-src 'none'; script-src 'unsafe-eval'"];
const LOCALHOST = /^(?:.+\.)?localhost\.?(?::\d*)?$/i;

/**
 * The headers, flat: name, value, name, value.
 * @param secure whether the client spoke https
 * @param url what it asked for
 * @param host the Host that it named; `localhost` is also what this browser's other servers are
 *   called, and those that speak http would be lost for a year
 */
export function securityHeaders(secure: boolean, url = '', host = ''): readonly string[] {
  const all = secure && !LOCALHOST.test(host) ? HTTPS : ALWAYS;
  return SANDBOX.test(url) ? [...SANDBOXED, ...all.slice(SANDBOXED.length)] : all;
}
