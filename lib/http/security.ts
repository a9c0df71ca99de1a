/** The headers of every response (OWASP Secure Headers). */

const POLICY = 'Content-Security-Policy';
// This site's own files and nothing inline (ASVS 5, 3.4).
const ALWAYS: readonly string[] = [
  POLICY,
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ...['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer'],
  ...['Cross-Origin-Opener-Policy', 'same-origin', 'Cross-Origin-Resource-Policy', 'same-origin'],
];
// A year (RFC 6797 §6.1).
const HTTPS = [...ALWAYS, 'Strict-Transport-Security', 'max-age=31536000'];
// The Worker that runs a reader's program: it may compile text, and has no network.
const SANDBOX = /^\/static\/[^?]+\/worker\.js$/;
const SANDBOXED = [POLICY, "default-src 'none'; script-src 'unsafe-eval'"];
const LOCALHOST = /^(?:.+\.)?localhost\.?(?::\d*)?$/i;

/**
 * The headers, flat: name, value, name, value. @param secure whether the client speaks https
 * @param host the Host header: on `localhost` HSTS would hold for the machine's other servers too
 */
export function securityHeaders(secure: boolean, url = '', host = ''): readonly string[] {
  const all = secure && !LOCALHOST.test(host) ? HTTPS : ALWAYS;
  return SANDBOX.test(url) ? [...SANDBOXED, ...all.slice(SANDBOXED.length)] : all;
}
